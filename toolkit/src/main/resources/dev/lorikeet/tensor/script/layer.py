  # Layer normalisation, or root-mean-square normalisation without a bias.
  def norm(self: __torch__.Ops, x: Tensor, n: List[Tensor]) -> Tensor:
    width = x.size(-1)
    if n[1].numel() > 0:
      return torch.layer_norm(x, [width], n[0], n[1], float(n[2]))
    if x.numel() == width and not x.requires_grad:
      size = float(torch.linalg_vector_norm(x))
      return torch.addcmul(torch.zeros_like(x), x, n[0], value=(size * size / float(width) + float(n[2])) ** -0.5)
    return torch.rms_norm(x, [width], n[0], float(n[2]))

  # One GPT-2 layer.
  def gpt2_layer(self: __torch__.Ops, x: Tensor, shape: Tensor, norm1: List[Tensor], c_attn: List[Tensor], attn_proj: List[Tensor], norm2: List[Tensor], c_fc: List[Tensor], mlp_proj: List[Tensor], state: List[Tensor]) -> Tensor:
    s = annotate(List[float], shape.tolist())
    heads = int(s[0])
    training = s[2] > 0.0
    b = x.size(0)
    t = x.size(1)
    d = x.size(2)
    r = x.reshape([b * t, d])
    qkv = self.project(self.norm(r, norm1), c_attn, training)
    parts = qkv.reshape([b, t, 3, heads, d // heads]).permute([2, 0, 3, 1, 4])
    o = self.attend(parts[0], parts[1], parts[2], state)
    r = r + self.project(o, attn_proj, training)
    h = torch.gelu(self.project(self.norm(r, norm2), c_fc, training), approximate="tanh")
    r = r + self.project(h, mlp_proj, training)
    return r.reshape([b, t, d])

  # One Llama layer.
  def llama_layer(self: __torch__.Ops, x: Tensor, shape: Tensor, norm1: List[Tensor], q_proj: List[Tensor], k_proj: List[Tensor], v_proj: List[Tensor], o_proj: List[Tensor], norm2: List[Tensor], gate_proj: List[Tensor], up_proj: List[Tensor], down_proj: List[Tensor], state: List[Tensor]) -> Tensor:
    s = annotate(List[float], shape.tolist())
    heads = int(s[0])
    groups = int(s[1])
    training = s[2] > 0.0
    b = x.size(0)
    t = x.size(1)
    r = x.reshape([b * t, x.size(2)])
    n = self.norm(r, norm1).to(q_proj[2].dtype)
    q = self.project(n, q_proj, training)
    if t == 1:
      if len(k_proj) > 0:
        q = torch.cat([q, self.project(n, k_proj, training), self.project(n, v_proj, training)], 1)
      parts = q.reshape([b, heads + 2 * groups, -1])
      turned = torch.bmm(parts.narrow(1, 0, heads + groups).to(FLOAT32), state[0].expand([b, -1, -1])).unsqueeze(2)
      q = turned.narrow(1, 0, heads)
      k = turned.narrow(1, heads, groups)
      v = parts.narrow(1, heads + groups, groups).unsqueeze(2)
    else:
      q = self.rotate(q.reshape([b, t, heads, -1]).transpose(1, 2), state[0])
      k = self.rotate(self.project(n, k_proj, training).reshape([b, t, groups, -1]).transpose(1, 2), state[0])
      v = self.project(n, v_proj, training).reshape([b, t, groups, -1]).transpose(1, 2)
    r = r + self.project(self.attend(q, k, v, state), o_proj, training)
    n = self.norm(r, norm2).to(gate_proj[2].dtype)
    h = self.project(n, gate_proj, training)
    if len(up_proj) == 0:
      width = h.size(1) // 2
      up = h.narrow(1, width, width)
      h = h.narrow(1, 0, width)
    else:
      up = self.project(n, up_proj, training)
    h = torch.silu(h) * up
    r = r + self.project(h, down_proj, training)
    return r.reshape([b, t, -1])

  # The list that attend takes, for one layer.
  def state(self: __torch__.Ops, shared: List[Tensor], cache: List[Tensor], layer: int) -> List[Tensor]:
    return torch.add(shared, torch.slice(cache, 2 * layer, 2 * layer + 2))

  # All GPT-2 layers.
  def gpt2_layers(self: __torch__.Ops, x: Tensor, shape: Tensor, ends: Tensor, all: List[Tensor], shared: List[Tensor], cache: List[Tensor]) -> Tensor:
    e = annotate(List[int], ends.tolist())
    p = annotate(List[List[Tensor]], [])
    for i in range(len(e) - 1):
      p.append(torch.slice(all, e[i], e[i + 1]))
    for i in range(len(p) // 6):
      j = 6 * i
      x = self.gpt2_layer(x, shape, p[j], p[j + 1], p[j + 2], p[j + 3], p[j + 4], p[j + 5], self.state(shared, cache, i))
    return x

  # All Llama layers.
  def llama_layers(self: __torch__.Ops, x: Tensor, shape: Tensor, ends: Tensor, all: List[Tensor], shared: List[Tensor], cache: List[Tensor]) -> Tensor:
    e = annotate(List[int], ends.tolist())
    p = annotate(List[List[Tensor]], [])
    for i in range(len(e) - 1):
      p.append(torch.slice(all, e[i], e[i + 1]))
    for i in range(len(p) // 9):
      j = 9 * i
      x = self.llama_layer(x, shape, p[j], p[j + 1], p[j + 2], p[j + 3], p[j + 4], p[j + 5], p[j + 6], p[j + 7], p[j + 8], self.state(shared, cache, i))
    return x

