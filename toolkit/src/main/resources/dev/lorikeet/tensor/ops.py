class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool

  def weight(self: __torch__.Ops, stored: Tensor) -> Tensor:
    return stored

  def project(self: __torch__.Ops, x: Tensor, p: List[Tensor], training: bool) -> Tensor:
    w = p[0]
    h = x.to(w.dtype)
    if p[1].numel() > 0:
      y = torch.linear(h, w, p[1])
    else:
      y = torch.linear(h, w)
    deltas = (len(p) - 2) // 3
    for i in range(deltas):
      a = p[2 + 3 * i].to(h.dtype)
      b = p[3 + 3 * i].to(h.dtype)
      s = p[4 + 3 * i]
      scale = float(s[0])
      dropout = float(s[1])
      start = int(s[2])
      if training and dropout > 0.0:
        d = torch.dropout(h, dropout, True)
      else:
        d = h
      if b.size(0) < y.size(1):
        b = torch.constant_pad_nd(b, [0, 0, start, y.size(1) - start - b.size(0)])
      y = torch.addmm_(y, torch.linear(d, a), b.t(), beta=1, alpha=scale)
    return y

  def norm(self: __torch__.Ops, x: Tensor, n: List[Tensor]) -> Tensor:
    eps = float(n[2])
    if n[1].numel() > 0:
      return torch.layer_norm(x, [x.size(-1)], n[0], n[1], eps)
    return torch.rms_norm(x, [x.size(-1)], n[0], eps)

  def attend(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, state: List[Tensor]) -> Tensor:
    rope = state[0]
    mask = state[1]
    t = q.size(2)
    if rope.numel() > 0:
      cos = rope[0].unsqueeze(1)
      sin = rope[1].unsqueeze(1)
      q = self.rotate(q, cos, sin)
      k = self.rotate(k, cos, sin)
    start = 0
    if len(state) > 2:
      start = int(state[2])
      state[3].narrow(2, start, t).copy_(k)
      state[4].narrow(2, start, t).copy_(v)
      k = state[3].narrow(2, 0, start + t).to(q.dtype)
      v = state[4].narrow(2, 0, start + t).to(q.dtype)
    groups = q.size(1) // k.size(1)
    if groups > 1:
      k = torch.repeat_interleave(k, groups, 1)
      v = torch.repeat_interleave(v, groups, 1)
    if mask.numel() > 0:
      m = torch.to(mask, q.dtype)
      o = torch.scaled_dot_product_attention(q, k, v, m, 0.0, False)
    else:
      causal = t > 1
      o = torch.scaled_dot_product_attention(q, k, v, None, 0.0, causal)
    return o.transpose(1, 2).reshape([-1, q.size(1) * q.size(3)])

  def rotate(self: __torch__.Ops, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.size(3) // 2
    turned = torch.cat([torch.neg(x.narrow(3, half, half)), x.narrow(3, 0, half)], 3)
    return (x * cos + turned * sin).to(x.dtype)

  def gpt2_layer(self: __torch__.Ops, x: Tensor, shape: Tensor, norm1: List[Tensor], c_attn: List[Tensor], attn_proj: List[Tensor], norm2: List[Tensor], c_fc: List[Tensor], mlp_proj: List[Tensor], state: List[Tensor]) -> Tensor:
    heads = int(shape[0])
    training = bool(shape[2])
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
