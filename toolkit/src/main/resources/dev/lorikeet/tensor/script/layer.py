  # Normalises the last axis: layer normalisation with or without a bias, root-mean-square normalisation, or that with 1 + weight.
  # n is [(epsilon, kind), weight, then perhaps the bias].
  def norm(self: __torch__.Ops, x: Tensor, n: List[Tensor]) -> Tensor:
    width = x.size(-1)
    s = annotate(List[float], n[0].tolist())
    kind = int(s[1])
    if kind == 0:
      if len(n) > 2:
        return torch.layer_norm(x, [width], n[1], n[2], s[0])
      return torch.layer_norm(x, [width], n[1], None, s[0])
    w = n[1]
    if kind == 2:
      w = w + 1.0
    if x.numel() == width and not x.requires_grad:
      size = float(torch.linalg_vector_norm(x))
      return torch.addcmul(torch.zeros_like(x), x, w, value=(size * size / float(width) + s[0]) ** -0.5)
    return torch.rms_norm(x, [width], w, s[0])

  # Normalises the queries or the keys of each head, x (…, heads, head), or of all heads together.
  def norm_heads(self: __torch__.Ops, x: Tensor, n: List[Tensor]) -> Tensor:
    shape = x.size()
    if n[1].numel() == shape[len(shape) - 1]:
      return self.norm(x.to(FLOAT32), n)
    return self.norm(x.reshape([-1, n[1].numel()]).to(FLOAT32), n).reshape(shape)

  # Queries, keys and values (batch, heads, time, head) of n (batch * time, width), normalised and rotated where the layer does so.
  def heads(self: __torch__.Ops, n: Tensor, b: int, t: int, o: List[float], p: List[List[Tensor]], state: List[Tensor]) -> List[Tensor]:
    heads = int(o[0])
    groups = int(o[1])
    training = o[2] > 0.0
    y = self.project(n, p[1], training)
    if t == 1:
      if len(p[2]) > 0:
        y = torch.cat([y, self.project(n, p[2], training), self.project(n, p[3], training)], 1)
      all = y.reshape([b, heads + 2 * groups, -1])
      v = all.narrow(1, heads + groups, groups).unsqueeze(2)
      turned = all.narrow(1, 0, heads + groups)
      if len(p[4]) > 0:
        turned = torch.cat([self.norm_heads(all.narrow(1, 0, heads), p[4]), self.norm_heads(all.narrow(1, heads, groups), p[5])], 1)
      if state[0].numel() > 0:
        turned = torch.bmm(turned.to(FLOAT32), state[0].expand([b, -1, -1]))
      turned = turned.unsqueeze(2)
      return [turned.narrow(1, 0, heads), turned.narrow(1, heads, groups), v]
    if len(p[2]) > 0:
      q = y.reshape([b, t, heads, -1])
      k = self.project(n, p[2], training).reshape([b, t, groups, -1])
      v = self.project(n, p[3], training).reshape([b, t, groups, -1])
    else:
      all = y.reshape([b, t, heads + 2 * groups, -1])
      q = all.narrow(2, 0, heads)
      k = all.narrow(2, heads, groups)
      v = all.narrow(2, heads + groups, groups)
    if len(p[4]) > 0:
      q = self.norm_heads(q, p[4])
      k = self.norm_heads(k, p[5])
    q = q.transpose(1, 2)
    k = k.transpose(1, 2)
    if state[0].numel() > 0:
      q = self.rotate(q, state[0])
      k = self.rotate(k, state[0])
    return [q, k, v.transpose(1, 2)]

  # The activation of an MLP: SiLU, GELU in its tanh form, GELU, ReLU, tanh.
  def activate(self: __torch__.Ops, h: Tensor, kind: int) -> Tensor:
    if kind == 0:
      return torch.silu(h)
    if kind == 1:
      return torch.gelu(h, approximate="tanh")
    if kind == 2:
      return torch.gelu(h)
    if kind == 3:
      return torch.relu(h)
    return torch.tanh(h)

  # The MLP, plain or gated; a gate and its factor may be one projection.
  def mlp(self: __torch__.Ops, n: Tensor, o: List[float], p: List[List[Tensor]]) -> Tensor:
    training = o[2] > 0.0
    kind = int(o[3])
    if len(p[9]) == 0:
      h = self.activate(self.project(n, p[10], training), kind)
    else:
      gate = self.project(n, p[9], training)
      if len(p[10]) == 0:
        width = gate.size(1) // 2
        h = self.activate(gate.narrow(1, 0, width), kind) * gate.narrow(1, width, width)
      else:
        h = self.activate(gate, kind) * self.project(n, p[10], training)
    return self.project(h, p[11], training)

  # One layer; x (batch, time, width) keeps its shape, unless only some rows of (batch * time) are wanted: then it becomes
  # (1, rows, width), and all rows are read, but only those are computed after attention. The options o are heads, key-value heads, 1 while training, activation,
  # scale of attention, cap of its scores or 0, scale of both branches. The operands p are norm before attention, q (or q, k and v at
  # once), k, v, norm of q, norm of k, out, norm after attention, norm before the MLP, gate (or gate and up at once), up, down, norm
  # after the MLP, the norms of the sums that attention and the MLP add to, and the rows wanted; what a layer lacks is empty.
  def layer(self: __torch__.Ops, x: Tensor, o: List[float], p: List[List[Tensor]], state: List[Tensor]) -> Tensor:
    b = x.size(0)
    t = x.size(1)
    r = x.reshape([b * t, x.size(2)])
    n = r
    if len(p[0]) > 0:
      n = self.norm(r, p[0])
    qkv = self.heads(n.to(p[1][2].dtype), b, t, o, p, state)
    h = self.attend(qkv[0], qkv[1], qkv[2], state, o[4], o[5])
    if len(p[15]) > 0:
      h = torch.index_select(h, 0, p[15][0])
      r = torch.index_select(r, 0, p[15][0])
    h = self.project(h, p[6], o[2] > 0.0)
    if len(p[7]) > 0:
      h = self.norm(h.to(FLOAT32), p[7])
    r = torch.add(r, h, alpha=o[6])
    if len(p[13]) > 0:
      r = self.norm(r, p[13])
    n = r
    if len(p[8]) > 0:
      n = self.norm(r, p[8])
    h = self.mlp(n.to(p[11][2].dtype), o, p)
    if len(p[12]) > 0:
      h = self.norm(h.to(FLOAT32), p[12])
    r = torch.add(r, h, alpha=o[6])
    if len(p[14]) > 0:
      r = self.norm(r, p[14])
    if len(p[15]) > 0:
      return r.unsqueeze(0)
    return r.reshape([b, t, -1])

  # The lists of a layer's operands: where each begins in all stands after the options.
  def operands(self: __torch__.Ops, o: List[float], all: List[Tensor]) -> List[List[Tensor]]:
    p = annotate(List[List[Tensor]], [])
    begin = int(o[8])
    for i in range(9, len(o)):
      end = int(o[i])
      p.append(torch.slice(all, begin, end))
      begin = end
    return p

  # One layer of which autograd may record everything.
  def one_layer(self: __torch__.Ops, x: Tensor, options: Tensor, all: List[Tensor], state: List[Tensor]) -> Tensor:
    o = annotate(List[float], options.tolist())
    return self.layer(x, o, self.operands(o, all), state)

  # What a layer shares with those that look the same way, [rotary table, mask], then with a cache the first position and the
  # layer's own keys and values.
  def state(self: __torch__.Ops, shared: List[Tensor], cache: List[Tensor], view: int, layer: int) -> List[Tensor]:
    state = torch.slice(shared, 2 * view, 2 * view + 2)
    if len(cache) > 0:
      state.append(shared[len(shared) - 1])
      state.append(cache[2 * layer])
      state.append(cache[2 * layer + 1])
    return state

  # All layers, one after the other. The row of options of each has its view after those of the layer.
  def layers(self: __torch__.Ops, x: Tensor, options: Tensor, all: List[Tensor], shared: List[Tensor], cache: List[Tensor]) -> Tensor:
    rows = annotate(List[List[float]], options.tolist())
    for i in range(len(rows)):
      o = rows[i]
      x = self.layer(x, o, self.operands(o, all), self.state(shared, cache, int(o[7]), i))
    return x

