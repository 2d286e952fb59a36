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
