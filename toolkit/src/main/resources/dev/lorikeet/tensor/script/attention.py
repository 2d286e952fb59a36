  # Turns queries or keys (batch, heads, time, width) by their rotary angles.
  def rotate(self: __torch__.Ops, x: Tensor, rope: Tensor) -> Tensor:
    return torch.addcmul(x * rope[0], torch.roll(x, [x.size(3) // 2], [3]), rope[1]).to(x.dtype)

  # The engine's fused attention.
  def attend_at_once(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    b = q.size(0)
    heads = q.size(1)
    t = q.size(2)
    groups = k.size(1)
    if heads > groups:
      if t == 1:
        q = q.reshape([b, groups, heads // groups, -1])
      else:
        k = torch.repeat_interleave(k, heads // groups, 1)
        v = torch.repeat_interleave(v, heads // groups, 1)
    if mask.numel() > 0:
      o = torch.scaled_dot_product_attention(q, k, v, mask.to(q.dtype), 0.0, False)
    else:
      o = torch.scaled_dot_product_attention(q, k, v, None, 0.0, t > 1)
    return o.reshape([b, heads, t, -1])

  # The same attention by two matrix products, whose gradients are fast in bfloat16 on a CPU.
  def attend_by_products(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor) -> Tensor:
    b = q.size(0)
    heads = q.size(1)
    t = q.size(2)
    groups = k.size(1)
    rows = heads // groups * t
    width = q.size(3)
    if mask.numel() > 0:
      m = mask.to(q.dtype).expand([b, heads, t, t]).reshape([b * groups, rows, t])
    else:
      m = torch.triu(torch.full([t, t], float("-inf"), dtype=q.dtype), 1).repeat([heads // groups, 1])
    keys = k.reshape([b * groups, t, width]).transpose(1, 2)
    scores = torch.baddbmm(m, q.reshape([b * groups, rows, width]), keys, beta=1, alpha=width ** -0.5)
    return torch.bmm(torch.softmax(scores, -1), v.reshape([b * groups, t, width])).reshape([b, heads, t, width])

  # Causal attention (batch · time, width), with the key-value cache in `state` if there is one.
  def attend(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, state: List[Tensor]) -> Tensor:
    t = q.size(2)
    if len(state) > 2:
      start = int(state[2])
      state[3].narrow(2, start, t).copy_(k)
      state[4].narrow(2, start, t).copy_(v)
      k = state[3].narrow(2, 0, start + t)
      v = state[4].narrow(2, 0, start + t)
    q = q.to(v.dtype)
    k = k.to(v.dtype)
    if q.requires_grad and q.dtype == BFLOAT16 and t <= 512 and not q.is_cuda:
      o = self.attend_by_products(q, k, v, state[1])
      torch.detach(o).copy_(self.attend_at_once(torch.detach(q), torch.detach(k), torch.detach(v), state[1]))
    else:
      o = self.attend_at_once(q, k, v, state[1])
    return o.transpose(1, 2).reshape([q.size(0) * t, -1])

  # Cosines and sines of rotary positions; for single tokens the matrices that turn a row so.
  def rope(self: __torch__.Ops, positions: Tensor, frequencies: Tensor) -> Tensor:
    angles = positions.unsqueeze(-1).to(FLOAT32) * frequencies
    cos = torch.cos(angles)
    sin = torch.sin(angles)
    cos = torch.cat([cos, cos], -1)
    sin = torch.cat([torch.neg(sin), sin], -1)
    if positions.size(1) > 1:
      return torch.stack([cos, sin], 0).unsqueeze(2)
    sines = torch.roll(torch.diag_embed(sin), [frequencies.numel()], [2])
    return (torch.diag_embed(cos) + sines).squeeze(1)

  # An additive mask for padding, causality and a window.
  def causal_mask(self: __torch__.Ops, keep: Tensor, counts: Tensor) -> Tensor:
    t = int(counts[0])
    window = int(counts[1])
    s = keep.size(1)
    keys = torch.arange(s, device=keep.device)
    rows = keys.narrow(0, s - t, t).unsqueeze(1)
    near = torch.logical_and(torch.le(keys, rows), torch.gt(keys, rows - window))
    seen = torch.logical_and(near.unsqueeze(0), keep.to(BOOL).unsqueeze(1))
    seen = torch.logical_or(seen, torch.eq(keys, rows).unsqueeze(0))
    mask = torch.zeros([keep.size(0), t, s], dtype=FLOAT32, device=keep.device)
    return mask.masked_fill(torch.logical_not(seen), float("-inf")).unsqueeze(1)

  # An additive mask for several texts in a row.
  def segment_mask(self: __torch__.Ops, segments: Tensor, window: Tensor) -> Tensor:
    t = segments.size(1)
    same = torch.eq(segments.unsqueeze(2), segments.unsqueeze(1))
    keys = torch.arange(t, device=segments.device)
    rows = keys.unsqueeze(1)
    near = torch.logical_and(torch.le(keys, rows), torch.gt(keys, rows - int(window)))
    seen = torch.logical_and(same, near.unsqueeze(0))
    mask = torch.zeros([segments.size(0), t, t], dtype=FLOAT32, device=segments.device)
    return mask.masked_fill(torch.logical_not(seen), float("-inf")).unsqueeze(1)

  # How many tokens of its own segment come before each token.
  def segment_positions(self: __torch__.Ops, segments: Tensor) -> Tensor:
    t = segments.size(1)
    same = torch.eq(segments.unsqueeze(2), segments.unsqueeze(1))
    places = torch.arange(t, device=segments.device)
    before = torch.logical_and(same, torch.lt(places.unsqueeze(0), places.unsqueeze(1)))
    return torch.sum(before, [2])

