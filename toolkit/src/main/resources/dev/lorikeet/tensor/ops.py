class Ops(Module):
  __parameters__ = []
  __buffers__ = []
  training : bool
  row_at_once : bool

  def widened(self: __torch__.Ops, numbers: Tensor, form: Tensor, c: List[Tensor], first: int, dtype: int) -> Tensor:
    f = annotate(List[float], form.tolist())
    kind = int(f[0])
    if kind == 0:
      return numbers.to(dtype)
    w = torch.empty([int(f[1]), int(f[2])], dtype=6, device=numbers.device)
    return self.dequantize(w, kind, numbers, c, first, f[4]).to(dtype)

  def record_constant(self: __torch__.Ops, records: Tensor, at: int) -> Tensor:
    zeros = torch.zeros([records.size(0), 18], dtype=0)
    alone = torch.cat([zeros, records.narrow(1, at, 2)], 1)
    return ops.quantized.embedding_bag_4bit_unpack(alone).select(1, 0)

  def dequantize(self: __torch__.Ops, w: Tensor, kind: int, codes: Tensor, c: List[Tensor], first: int, least: float) -> Tensor:
    if kind == 8:
      records = codes.reshape([-1, 20])
      blocks = w.view([-1, 32])
      for start in range(0, records.size(0), 16384):
        count = min(16384, records.size(0) - start)
        blocks.narrow(0, start, count).copy_(ops.quantized.embedding_bag_4bit_unpack(records.narrow(0, start, count)))
      return w
    if kind >= 5:
      packed = codes.reshape([w.size(0), -1])
      half = w.size(1) // 2
      w.narrow(1, 0, half).copy_(torch.bitwise_right_shift(packed, 4))
      w.narrow(1, half, half).copy_(torch.bitwise_and(packed, 15))
      if least != 0.0:
        w.add_(least)
    elif kind <= 2:
      w.view([-1]).copy_(codes.reshape([-1]))
    else:
      pairs = torch.view_as_complex(w.view([-1, 2]))
      torch.index_select(c[first], 0, codes.reshape([-1]).to(3), out=pairs)
      first = first + 1
    scale = c[first]
    if kind == 4:
      blocks = torch.index_select(c[first + 1], 0, scale.to(3)).reshape([c[first + 2].numel(), -1])
      scale = (blocks * c[first + 2].reshape([-1, 1])).reshape([-1]).narrow(0, 0, codes.numel() // 32)
      scale = scale + c[first + 3]
    blocks = w.view([scale.numel(), -1])
    blocks.mul_(scale.to(6).reshape([-1, 1]))
    if kind == 2 or kind == 6:
      blocks.add_(c[first + 1].to(6).reshape([-1, 1]))
    return w

  def lookup(self: __torch__.Ops, ids: Tensor, t: List[Tensor]) -> Tensor:
    f = annotate(List[float], t[1].tolist())
    kind = int(f[0])
    if kind == 0:
      return torch.embedding(t[0], ids)
    rows = int(f[1])
    columns = int(f[2])
    wanted = ids.reshape([-1])
    codes = torch.index_select(t[0].reshape([rows, -1]), 0, wanted)
    c = annotate(List[Tensor], [])
    for i in range(2, len(t)):
      if i == 2 and (kind == 3 or kind == 4):
        c.append(t[i])
      else:
        c.append(torch.index_select(t[i].reshape([rows, -1]), 0, wanted).reshape([-1]))
    w = torch.empty([wanted.numel(), columns], dtype=6, device=ids.device)
    return self.dequantize(w, kind, codes, c, 0, f[4]).reshape([ids.size(0), ids.size(1), columns])

  def pair_table(self: __torch__.Ops, values: Tensor) -> Tensor:
    bytes = torch.arange(256, device=values.device)
    high = torch.index_select(values, 0, bytes // 16)
    low = torch.index_select(values, 0, bytes % 16)
    return torch.view_as_complex(torch.stack([high, low], 1))

  def dequantized(self: __torch__.Ops, like: Tensor, form: Tensor, to: Tensor, numbers: List[Tensor]) -> Tensor:
    return self.widened(numbers[0], form, numbers, 1, int(to))

  def widen(self: __torch__.Ops, like: Tensor, targets: List[Tensor], weights: List[Tensor]) -> Tensor:
    at = 0
    for i in range(len(targets)):
      target = ops.prim.data(targets[i])
      f = annotate(List[float], weights[at + 1].tolist())
      if target.dtype == 6:
        self.dequantize(target, int(f[0]), weights[at], weights, at + 2, f[4])
      else:
        target.copy_(self.widened(weights[at], weights[at + 1], weights, at + 2, target.dtype))
      at = at + 2 + int(f[3])
    return like

  def packed_codes(self: __torch__.Ops, like: Tensor, half: Tensor, weights: List[Tensor]) -> Tensor:
    all = annotate(List[Tensor], [])
    at = 0
    while at < len(weights):
      f = annotate(List[float], weights[at + 1].tolist())
      rows = int(f[1])
      columns = int(f[2])
      matrix = weights[at].reshape([rows, -1])
      step = max(2097152 // columns // 64, 1) * 64
      for start in range(0, rows, step):
        c = matrix.narrow(0, start, min(step, rows - start))
        if f[0] == 8.0:
          c = c.reshape([c.size(0), -1, 20]).narrow(2, 0, 16)
          c = torch.stack([torch.bitwise_and(c, 15), torch.bitwise_right_shift(c, 4)], 3).reshape([c.size(0), -1])
        elif f[0] >= 5.0:
          c = torch.cat([torch.bitwise_right_shift(c, 4), torch.bitwise_and(c, 15)], 1)
        else:
          c = torch.bitwise_xor(c.to(0), 128)
          if int(half) == 2:
            c = torch.bitwise_right_shift(c, 4)
          else:
            c = torch.bitwise_and(c, 15)
        all.append(torch._convert_weight_to_int4pack_for_cpu(c.to(3), 2))
      at = at + 2 + int(f[3])
    return torch.cat(all, 0)

  def packed_scales(self: __torch__.Ops, like: Tensor, half: Tensor, weights: List[Tensor]) -> Tensor:
    all = annotate(List[Tensor], [])
    at = 0
    while at < len(weights):
      f = annotate(List[float], weights[at + 1].tolist())
      if f[0] == 8.0:
        records = weights[at].reshape([-1, 20])
        scale = self.record_constant(records, 16)
        minimum = self.record_constant(records, 18)
      else:
        scale = weights[at + 2].to(6)
        minimum = torch.zeros_like(scale)
        if f[3] > 1.0:
          minimum = weights[at + 3].to(6)
      if f[0] >= 5.0:
        middle = scale * (8.0 + f[4]) + minimum
      elif int(half) == 2:
        middle = scale * 8.0 + minimum
        scale = scale * 16.0
      else:
        middle = torch.zeros_like(scale)
      all.append(torch.stack([scale, middle], 1).reshape([int(f[1]), -1, 2]))
      at = at + 2 + int(f[3])
    return torch.contiguous(torch.cat(all, 0).transpose(0, 1).to(15))

  def below(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.cat(arrays, 0)

  def byte_count(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    count = 0
    for i in range(len(arrays)):
      count += arrays[i].numel() * arrays[i].element_size()
    return torch.full([], count, dtype=4)

  def take_row_at_once(self: __torch__.Ops, like: Tensor, wanted: Tensor) -> Tensor:
    self.row_at_once = bool(wanted)
    return like

  def product(self: __torch__.Ops, h: Tensor, w: Tensor) -> Tensor:
    n = h.size(0)
    step = w.size(0) // 8
    if n > 16 or step == 0 or h.dtype != 6 or h.is_cuda or (n == 1 and self.row_at_once):
      return torch.linear(h, w)
    rest = w.size(0) - 8 * step
    whole = w
    if rest > 0:
      whole = w.narrow(0, 0, 8 * step)
    blocks = whole.view([8, step, -1])
    y = torch.bmm(blocks, h.t().expand([8, -1, -1])).view([8 * step, n]).t()
    if rest > 0:
      y = torch.cat([y, torch.linear(h, w.narrow(0, 8 * step, rest))], 1)
    return y

  def coded_product(self: __torch__.Ops, h: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    kind = int(f[0])
    if kind == 7:
      y = torch._weight_int4pack_mm_for_cpu(h, p[0], int(f[4]), p[4])
      if f[3] > 1.0:
        y = y.add_(torch._weight_int4pack_mm_for_cpu(h, p[5], int(f[4]), p[6]))
      return y
    rows = int(f[1])
    columns = int(f[2])
    if kind == 1 and p[4].numel() == rows and columns % 16 == 0 and h.dtype == 15 and h.size(0) <= 8 and not (h.requires_grad or h.is_cuda):
      return torch._weight_int8pack_mm(h, p[0].view([rows, columns]), p[4].to(15))
    few = h.size(0) <= 16 and not h.is_cuda
    step = rows
    if rows * columns >= 4194304:
      step = 2048
    x = h
    if few:
      step = max(524288 // columns // 8, 1) * 8
      x = h.to(6)
    if kind == 4 or rows <= step:
      w = torch.empty([rows, columns], dtype=6, device=h.device)
      w = self.dequantize(w, kind, p[0], p, 4, f[4])
      return self.product(x, w.to(x.dtype)).to(h.dtype)
    codes = p[0].reshape([rows, -1])
    pieces = annotate(List[Tensor], [])
    for start in range(0, rows, step):
      count = min(step, rows - start)
      c = annotate(List[Tensor], [])
      for i in range(4, 4 + int(f[3])):
        if kind == 3 and i == 4:
          c.append(p[i])
        else:
          c.append(p[i].reshape([rows, -1]).narrow(0, start, count).reshape([-1]))
      w = torch.empty([count, columns], dtype=6, device=h.device)
      w = self.dequantize(w, kind, codes.narrow(0, start, count), c, 0, f[4])
      pieces.append(self.product(x, w.to(x.dtype)))
    return torch.cat(pieces, 1).to(h.dtype)

  def multiply(self: __torch__.Ops, h: Tensor, p: List[Tensor], f: List[float]) -> Tensor:
    biased = p[1].numel() > 0
    if f[0] == 0.0:
      w = p[0].to(h.dtype)
      if biased and h.size(0) > 16:
        return torch.linear(h, w, p[1].to(h.dtype))
      y = self.product(h, w)
    else:
      y = self.coded_product(h, p, f)
    if biased:
      y = y + p[1].to(h.dtype)
    return y

  def project(self: __torch__.Ops, x: Tensor, p: List[Tensor], training: bool) -> Tensor:
    h = x.to(p[2].dtype)
    f = annotate(List[float], p[3].tolist())
    y = self.multiply(h, p, f)
    first = 4 + int(f[3])
    for i in range((len(p) - first) // 3):
      a = p[first + 3 * i].to(h.dtype)
      b = p[first + 1 + 3 * i].to(h.dtype)
      settings = annotate(List[float], p[first + 2 + 3 * i].tolist())
      dropout = settings[1]
      start = int(settings[2])
      d = h
      if training and dropout > 0.0:
        d = torch.dropout(h, dropout, True)
      rest = y.size(1) - start - b.size(0)
      if start > 0 or rest > 0:
        b = torch.constant_pad_nd(b, [0, 0, start, rest])
      y = torch.addmm_(y, torch.linear(d, a), b.t(), beta=1, alpha=settings[0])
    return y

  def project_rows(self: __torch__.Ops, x: Tensor, training: Tensor, p: List[Tensor]) -> Tensor:
    return self.project(x, p, bool(training))

  def norm(self: __torch__.Ops, x: Tensor, n: List[Tensor]) -> Tensor:
    width = x.size(-1)
    if n[1].numel() > 0:
      return torch.layer_norm(x, [width], n[0], n[1], float(n[2]))
    if x.numel() == width and not x.requires_grad:
      size = float(torch.linalg_vector_norm(x))
      return torch.addcmul(torch.zeros_like(x), x, n[0], value=(size * size / float(width) + float(n[2])) ** -0.5)
    return torch.rms_norm(x, [width], n[0], float(n[2]))

  def rotate(self: __torch__.Ops, x: Tensor, rope: Tensor) -> Tensor:
    return torch.addcmul(x * rope[0], torch.roll(x, [x.size(3) // 2], [3]), rope[1]).to(x.dtype)

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
    if q.requires_grad and q.dtype == 15 and t <= 512 and not q.is_cuda:
      o = self.attend_by_products(q, k, v, state[1])
      torch.detach(o).copy_(self.attend_at_once(torch.detach(q), torch.detach(k), torch.detach(v), state[1]))
    else:
      o = self.attend_at_once(q, k, v, state[1])
    return o.transpose(1, 2).reshape([q.size(0) * t, -1])

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
      turned = torch.bmm(parts.narrow(1, 0, heads + groups).to(6), state[0].expand([b, -1, -1])).unsqueeze(2)
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

  def state(self: __torch__.Ops, shared: List[Tensor], cache: List[Tensor], layer: int) -> List[Tensor]:
    return torch.add(shared, torch.slice(cache, 2 * layer, 2 * layer + 2))

  def gpt2_layers(self: __torch__.Ops, x: Tensor, shape: Tensor, ends: Tensor, all: List[Tensor], shared: List[Tensor], cache: List[Tensor]) -> Tensor:
    e = annotate(List[int], ends.tolist())
    p = annotate(List[List[Tensor]], [])
    for i in range(len(e) - 1):
      p.append(torch.slice(all, e[i], e[i + 1]))
    for i in range(len(p) // 6):
      j = 6 * i
      x = self.gpt2_layer(x, shape, p[j], p[j + 1], p[j + 2], p[j + 3], p[j + 4], p[j + 5], self.state(shared, cache, i))
    return x

  def llama_layers(self: __torch__.Ops, x: Tensor, shape: Tensor, ends: Tensor, all: List[Tensor], shared: List[Tensor], cache: List[Tensor]) -> Tensor:
    e = annotate(List[int], ends.tolist())
    p = annotate(List[List[Tensor]], [])
    for i in range(len(e) - 1):
      p.append(torch.slice(all, e[i], e[i + 1]))
    for i in range(len(p) // 9):
      j = 9 * i
      x = self.llama_layer(x, shape, p[j], p[j + 1], p[j + 2], p[j + 3], p[j + 4], p[j + 5], p[j + 6], p[j + 7], p[j + 8], self.state(shared, cache, i))
    return x

  def transposed(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x.t())

  def embed(self: __torch__.Ops, ids: Tensor, tables: List[Tensor]) -> Tensor:
    return self.lookup(ids, tables).to(6)

  def embed_positions(self: __torch__.Ops, ids: Tensor, positions: Tensor, tokens: List[Tensor], table: List[Tensor]) -> Tensor:
    return (self.lookup(ids, tokens) + self.lookup(positions, table)).to(6)

  def head(self: __torch__.Ops, x: Tensor, rows: Tensor, training: Tensor, norm: List[Tensor], weights: List[Tensor]) -> Tensor:
    h = x.reshape([-1, x.size(-1)])
    if rows.numel() > 0:
      h = torch.index_select(h, 0, rows)
    return self.project(self.norm(h, norm), weights, bool(training)).to(6)

  def rope(self: __torch__.Ops, positions: Tensor, frequencies: Tensor) -> Tensor:
    angles = positions.unsqueeze(-1).to(6) * frequencies
    cos = torch.cos(angles)
    sin = torch.sin(angles)
    cos = torch.cat([cos, cos], -1)
    sin = torch.cat([torch.neg(sin), sin], -1)
    if positions.size(1) > 1:
      return torch.stack([cos, sin], 0).unsqueeze(2)
    sines = torch.roll(torch.diag_embed(sin), [frequencies.numel()], [2])
    return (torch.diag_embed(cos) + sines).squeeze(1)

  def causal_mask(self: __torch__.Ops, keep: Tensor, counts: Tensor) -> Tensor:
    t = int(counts[0])
    window = int(counts[1])
    s = keep.size(1)
    keys = torch.arange(s, device=keep.device)
    rows = keys.narrow(0, s - t, t).unsqueeze(1)
    near = torch.logical_and(torch.le(keys, rows), torch.gt(keys, rows - window))
    seen = torch.logical_and(near.unsqueeze(0), keep.to(11).unsqueeze(1))
    seen = torch.logical_or(seen, torch.eq(keys, rows).unsqueeze(0))
    mask = torch.zeros([keep.size(0), t, s], dtype=6, device=keep.device)
    return mask.masked_fill(torch.logical_not(seen), float("-inf")).unsqueeze(1)

  def segment_mask(self: __torch__.Ops, segments: Tensor, window: Tensor) -> Tensor:
    t = segments.size(1)
    same = torch.eq(segments.unsqueeze(2), segments.unsqueeze(1))
    keys = torch.arange(t, device=segments.device)
    rows = keys.unsqueeze(1)
    near = torch.logical_and(torch.le(keys, rows), torch.gt(keys, rows - int(window)))
    seen = torch.logical_and(same, near.unsqueeze(0))
    mask = torch.zeros([segments.size(0), t, t], dtype=6, device=segments.device)
    return mask.masked_fill(torch.logical_not(seen), float("-inf")).unsqueeze(1)

  def segment_positions(self: __torch__.Ops, segments: Tensor) -> Tensor:
    t = segments.size(1)
    same = torch.eq(segments.unsqueeze(2), segments.unsqueeze(1))
    places = torch.arange(t, device=segments.device)
    before = torch.logical_and(same, torch.lt(places.unsqueeze(0), places.unsqueeze(1)))
    return torch.sum(before, [2])

  def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor, factor: Tensor) -> Tensor:
    p = torch.detach(logits)
    p.sub_(torch.amax(p, [1], True))
    label = labels.unsqueeze(1)
    picked = torch.gather(p, 1, label)
    p.exp_()
    sums = torch.sum(p, [1], True)
    loss = torch.sum(torch.log(sums) - picked)
    right = torch.sum(torch.eq(picked, 0.0)).to(6)
    by = float(factor)
    if by != 0.0:
      p.mul_(torch.reciprocal(sums).mul_(by))
      p.scatter_add_(1, label, torch.full_like(picked, -by))
    return torch.stack([loss, right])

  def global_norm(self: __torch__.Ops, first: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(arrays)))

  def adamw(self: __torch__.Ops, settings: Tensor, weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], variances: List[Tensor]) -> Tensor:
    s = annotate(List[float], settings.tolist())
    step = torch.full([], s[5], dtype=6, device=weights[0].device)
    divisor = torch.full([], s[6], dtype=6, device=weights[0].device)
    steps = annotate(List[Tensor], [])
    for i in range(len(weights)):
      steps.append(step)
    torch._fused_adamw_(weights, gradients, means, variances, annotate(List[Tensor], []), steps, lr=s[0], beta1=s[1], beta2=s[2], weight_decay=s[4], eps=s[3], amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
    torch._foreach_zero_(gradients)
    return settings

  def cast(self: __torch__.Ops, like: Tensor, to: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.to(torch.detach(arrays[0]), int(to), False, True)

  def zeros(self: __torch__.Ops, like: Tensor, type: Tensor, shape: Tensor) -> Tensor:
    return torch.zeros(annotate(List[int], shape.tolist()), dtype=int(type), device=like.device)

  def scalar_type(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.full([], arrays[0].dtype, dtype=4)

  def assign(self: __torch__.Ops, first: Tensor, arrays: List[Tensor]) -> Tensor:
    arrays[0].copy_(arrays[1])
    return first

  def add_product(self: __torch__.Ops, scale: Tensor, arrays: List[Tensor]) -> Tensor:
    w = arrays[0]
    product = torch.matmul(arrays[2].to(6), arrays[1].to(6)) * float(scale[0])
    part = w.narrow(0, int(scale[1]), product.size(0))
    part.copy_(part.to(6) + product)
    return scale

  def square_sum(self: __torch__.Ops, first: Tensor, arrays: List[Tensor]) -> Tensor:
    total = 0.0
    for i in range(len(arrays)):
      a = arrays[i]
      if a.numel() > 0:
        rows = 1048576 * a.size(0) // a.numel() + 1
        parts = torch.split(a, rows, 0)
        for j in range(len(parts)):
          norm = float(torch.linalg_vector_norm(parts[j].to(7)))
          total = total + norm * norm
    return torch.full([], total, dtype=7)

  def singular_values(self: __torch__.Ops, matrix: Tensor) -> Tensor:
    return torch.linalg_svdvals(matrix.to(7))

  def low_rank(self: __torch__.Ops, matrix: Tensor, rank: Tensor) -> Tensor:
    u, s, vt = torch.linalg_svd(matrix.to(7), False)
    r = int(rank)
    return torch.matmul(u.narrow(1, 0, r) * s.narrow(0, 0, r), vt.narrow(0, 0, r)).to(6)
