  # Rotates pairs of a head's elements by its position (Su et al. 2021). x is (batch, heads, time, head), rope holds cosines and
  # sines of the first elements; those after them stay.
  def rotate(self: __torch__.Ops, x: Tensor, rope: Tensor) -> Tensor:
    n = rope.size(4)
    whole = n == x.size(3)
    part = x
    if not whole:
      part = x.narrow(3, 0, n)
    turned = torch.addcmul(part * rope[0], torch.roll(part, [n // 2], [3]), rope[1]).to(x.dtype)
    if whole:
      return turned
    return torch.cat([turned, x.narrow(3, n, x.size(3) - n)], 3)

  # Attention by the engine's fused operation.
  def attend_at_once(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float) -> Tensor:
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
      o = torch.scaled_dot_product_attention(q, k, v, mask.to(q.dtype), 0.0, False, scale=scale)
    else:
      o = torch.scaled_dot_product_attention(q, k, v, None, 0.0, t > 1, scale=scale)
    return o.reshape([b, heads, t, -1])

  # Attention of grouped queries by two batched products, whose backward pass is faster than the fused one's in bfloat16.
  def attend_by_products(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float) -> Tensor:
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
    scores = torch.baddbmm(m, q.reshape([b * groups, rows, width]), keys, beta=1, alpha=scale)
    return torch.bmm(torch.softmax(scores, -1), v.reshape([b * groups, t, width])).reshape([b, heads, t, width])

  # Attention whose scores are capped: cap * tanh(score / cap) (Gemma team 2024). The fused operation has no cap.
  def attend_capped(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, mask: Tensor, scale: float, cap: float) -> Tensor:
    b = q.size(0)
    heads = q.size(1)
    t = q.size(2)
    groups = k.size(1)
    grouped = q.reshape([b, groups, heads // groups, t, -1])
    scores = torch.matmul(grouped, k.unsqueeze(2).transpose(3, 4)) * scale
    scores = torch.tanh(scores / cap) * cap
    if mask.numel() > 0:
      scores = scores + mask.to(q.dtype).unsqueeze(1)
    elif t > 1:
      scores = scores + torch.triu(torch.full([t, t], float("-inf"), dtype=q.dtype, device=q.device), 1)
    weights = torch.softmax(scores.to(FLOAT32), -1).to(q.dtype)
    return torch.matmul(weights, v.unsqueeze(2)).reshape([b, heads, t, -1])

  # Attention of queries to keys and values, all (batch, heads, time, head), with those in the cache if there is one. The state is
  # [rotary table or empty, mask or empty], then with a cache [first position, keys, values].
  def attend(self: __torch__.Ops, q: Tensor, k: Tensor, v: Tensor, state: List[Tensor], scale: float, cap: float) -> Tensor:
    t = q.size(2)
    if len(state) > 2:
      start = int(state[2])
      state[3].narrow(2, start, t).copy_(k)
      state[4].narrow(2, start, t).copy_(v)
      k = state[3].narrow(2, 0, start + t)
      v = state[4].narrow(2, 0, start + t)
    q = q.to(v.dtype)
    k = k.to(v.dtype)
    if cap > 0.0:
      o = self.attend_capped(q, k, v, state[1], scale, cap)
    elif q.requires_grad and q.dtype == BFLOAT16 and t <= 512 and not q.is_cuda:
      o = self.attend_by_products(q, k, v, state[1], scale)
      torch.detach(o).copy_(self.attend_at_once(torch.detach(q), torch.detach(k), torch.detach(v), state[1], scale))
    else:
      o = self.attend_at_once(q, k, v, state[1], scale)
    return o.transpose(1, 2).reshape([q.size(0) * t, -1])

  # Cosines and sines of positions times frequencies. For single tokens the matrix (head, head) that turns a row, so that queries
  # and keys take one product. The settings are the width of a head and the factor on cosines and sines.
  def rope(self: __torch__.Ops, positions: Tensor, frequencies: Tensor, settings: Tensor) -> Tensor:
    angles = positions.unsqueeze(-1).to(FLOAT32) * frequencies
    cos = torch.cos(angles)
    sin = torch.sin(angles)
    cos = torch.cat([cos, cos], -1)
    sin = torch.cat([torch.neg(sin), sin], -1)
    magnitude = float(settings[1])
    if magnitude != 1.0:
      cos = cos * magnitude
      sin = sin * magnitude
    if positions.size(1) > 1:
      return torch.stack([cos, sin], 0).unsqueeze(2)
    sines = torch.roll(torch.diag_embed(sin), [frequencies.numel()], [2])
    matrix = (torch.diag_embed(cos) + sines).squeeze(1)
    rest = int(settings[0]) - 2 * frequencies.numel()
    if rest > 0:
      matrix = torch.constant_pad_nd(matrix, [0, rest, 0, rest])
      same = torch.diag_embed(torch.ones([rest], dtype=FLOAT32, device=positions.device))
      matrix.narrow(1, 2 * frequencies.numel(), rest).narrow(2, 2 * frequencies.numel(), rest).copy_(same)
    return matrix

  # An additive mask: 0 at earlier tokens within the window that are no padding and at the token itself, -inf elsewhere.
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

  # An additive mask of an encoder, whose tokens see all that are no padding, or those nearer than the window on both sides.
  def mask_both_ways(self: __torch__.Ops, keep: Tensor, window: Tensor) -> Tensor:
    t = keep.size(1)
    seen = keep.to(BOOL).unsqueeze(1)
    if int(window) < t:
      places = torch.arange(t, device=keep.device)
      apart = torch.abs(places.unsqueeze(0) - places.unsqueeze(1)).unsqueeze(0)
      near = torch.lt(apart, int(window))
      seen = torch.logical_or(torch.logical_and(near, seen), torch.eq(apart, 0))
    mask = torch.zeros(seen.size(), dtype=FLOAT32, device=keep.device)
    return mask.masked_fill(torch.logical_not(seen), float("-inf")).unsqueeze(1)

  # The same as causal_mask for rows of several texts, which see themselves alone.
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

