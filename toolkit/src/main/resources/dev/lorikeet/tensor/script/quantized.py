  # The matrix (rows, columns) that a stored weight stands for, in a dtype. Its auxiliary tensors begin at `first` of `aux`.
  def dense(self: __torch__.Ops, weight: Tensor, descriptor: Tensor, aux: List[Tensor], first: int, dtype: int) -> Tensor:
    f = annotate(List[float], descriptor.tolist())
    if f[FORMAT] == DENSE:
      return weight.to(dtype)
    w = torch.empty([int(f[ROWS]), int(f[COLUMNS])], dtype=FLOAT32, device=weight.device)
    return self.dequantize(w, f, weight, aux, first).to(dtype)

  # Writes the float32 values of quantized rows into w (rows, columns). One branch a format.
  def dequantize(self: __torch__.Ops, w: Tensor, f: List[float], qweight: Tensor, aux: List[Tensor], first: int) -> Tensor:
    format = int(f[FORMAT])
    if format == Q4_1:
      return self.dequantize_q4_1(w, qweight)
    if format == NF4:
      return self.dequantize_nf4(w, qweight, aux[first], aux[first + 1])
    if format == NF4_DOUBLE:
      return self.dequantize_nf4(w, qweight, aux[first], self.nested_absmax(aux, first + 1, w.numel() // 64))
    if format == AFFINE_INT4:
      self.unpack_int4(w, qweight, f[OFFSET])
    else:
      w.view([-1]).copy_(qweight.reshape([-1]))
    scales = aux[first]
    groups = w.view([scales.numel(), -1])
    groups.mul_(scales.to(FLOAT32).reshape([-1, 1]))
    if f[AUXILIARY] > 1.0:
      groups.add_(aux[first + 1].to(FLOAT32).reshape([-1, 1]))
    return w

  # Two values a byte: the upper halves of a row's bytes are its first half, the lower halves its second.
  def unpack_int4(self: __torch__.Ops, w: Tensor, qweight: Tensor, offset: float) -> Tensor:
    packed = qweight.reshape([w.size(0), -1])
    half = w.size(1) // 2
    w.narrow(1, 0, half).copy_(torch.bitwise_right_shift(packed, 4))
    w.narrow(1, half, half).copy_(torch.bitwise_and(packed, 15))
    if offset != 0.0:
      w.add_(offset)
    return w

  # Blocks of 20 bytes: 16 of 4-bit values, then scale and minimum in float16. The CPU has an operation for whole blocks.
  def dequantize_q4_1(self: __torch__.Ops, w: Tensor, qweight: Tensor) -> Tensor:
    blocks = qweight.reshape([-1, 20])
    rows = w.view([-1, 32])
    for start in range(0, blocks.size(0), 16384):
      count = min(16384, blocks.size(0) - start)
      rows.narrow(0, start, count).copy_(ops.quantized.embedding_bag_4bit_unpack(blocks.narrow(0, start, count)))
    return w

  # The float16 at byte `at` of each Q4_1 block, in float32: unpacked as the minimum of a block whose values are all 0.
  def q4_1_float16(self: __torch__.Ops, blocks: Tensor, at: int) -> Tensor:
    zeros = torch.zeros([blocks.size(0), 18], dtype=UINT8)
    alone = torch.cat([zeros, blocks.narrow(1, at, 2)], 1)
    return ops.quantized.embedding_bag_4bit_unpack(alone).select(1, 0)

  # Looks two values up at once in a codebook of pairs (pair_codebook), then scales each block of 64 by its absmax.
  def dequantize_nf4(self: __torch__.Ops, w: Tensor, qweight: Tensor, codebook: Tensor, absmax: Tensor) -> Tensor:
    pairs = torch.view_as_complex(w.view([-1, 2]))
    torch.index_select(codebook, 0, qweight.reshape([-1]).to(INT32), out=pairs)
    w.view([absmax.numel(), -1]).mul_(absmax.to(FLOAT32).reshape([-1, 1]))
    return w

  # The absmax of `count` blocks from their own quantization: 8-bit values, codebook, absmax of 256 of them each, offset.
  def nested_absmax(self: __torch__.Ops, aux: List[Tensor], first: int, count: int) -> Tensor:
    values = torch.index_select(aux[first + 1], 0, aux[first].to(INT32)).reshape([aux[first + 2].numel(), -1])
    absmax = (values * aux[first + 2].reshape([-1, 1])).reshape([-1]).narrow(0, 0, count)
    return absmax + aux[first + 3]

  # For each byte the values of its upper and of its lower half: complex64 (256), from the 16 values of a 4-bit codebook.
  def pair_codebook(self: __torch__.Ops, values: Tensor) -> Tensor:
    bytes = torch.arange(256, device=values.device)
    high = torch.index_select(values, 0, bytes // 16)
    low = torch.index_select(values, 0, bytes % 16)
    return torch.view_as_complex(torch.stack([high, low], 1))

  # The auxiliary tensors of rows start … start + count alone. NF4's codebook serves all rows.
  def row_auxiliary(self: __torch__.Ops, f: List[float], aux: List[Tensor], first: int, start: int, count: int) -> List[Tensor]:
    rows = int(f[ROWS])
    own = annotate(List[Tensor], [])
    for i in range(first, first + int(f[AUXILIARY])):
      if f[FORMAT] == NF4 and i == first:
        own.append(aux[i])
      else:
        own.append(aux[i].reshape([rows, -1]).narrow(0, start, count).reshape([-1]))
    return own

  # Some rows of a quantized table [qweight, descriptor, auxiliary …]: float32 (number of ids, columns).
  def dequantize_rows(self: __torch__.Ops, table: List[Tensor], f: List[float], ids: Tensor) -> Tensor:
    if f[FORMAT] == NF4_DOUBLE:
      return torch.index_select(self.dense(table[0], table[1], table, 2, FLOAT32), 0, ids)
    rows = int(f[ROWS])
    qweight = torch.index_select(table[0].reshape([rows, -1]), 0, ids)
    aux = annotate(List[Tensor], [])
    for i in range(2, len(table)):
      if f[FORMAT] == NF4 and i == 2:
        aux.append(table[i])
      else:
        aux.append(torch.index_select(table[i].reshape([rows, -1]), 0, ids).reshape([-1]))
    w = torch.empty([ids.numel(), int(f[COLUMNS])], dtype=FLOAT32, device=ids.device)
    return self.dequantize(w, f, qweight, aux, 0)

  # The matrix of a stored weight [qweight, auxiliary …], in a dtype.
  def dequantize_matrix(self: __torch__.Ops, descriptor: Tensor, dtype: Tensor, weight: List[Tensor]) -> Tensor:
    return self.dense(weight[0], descriptor, weight, 1, int(dtype))

  # Puts into each target the values of a weight [qweight, descriptor, auxiliary …], behind autograd's back. Gives the first target.
  def dequantize_into(self: __torch__.Ops, targets: List[Tensor], weights: List[Tensor]) -> Tensor:
    at = 0
    for i in range(len(targets)):
      target = ops.prim.data(targets[i])
      f = annotate(List[float], weights[at + 1].tolist())
      if target.dtype == FLOAT32:
        self.dequantize(target, f, weights[at], weights, at + 2)
      else:
        target.copy_(self.dense(weights[at], weights[at + 1], weights, at + 2, target.dtype))
      at = at + 2 + int(f[AUXILIARY])
    return targets[0]

  # 4-bit values of affine matrices of one width, rows concatenated, in the order in which this CPU multiplies by them. Of 8-bit
  # values plane 1 has the upper half, plane 0 the lower.
  def pack_int4(self: __torch__.Ops, plane: int, weights: List[Tensor]) -> Tensor:
    all = annotate(List[Tensor], [])
    at = 0
    while at < len(weights):
      f = annotate(List[float], weights[at + 1].tolist())
      rows = int(f[ROWS])
      matrix = weights[at].reshape([rows, -1])
      step = max(2097152 // int(f[COLUMNS]) // 64, 1) * 64
      for start in range(0, rows, step):
        values = self.int4_plane(f, matrix.narrow(0, start, min(step, rows - start)), plane)
        all.append(torch._convert_weight_to_int4pack_for_cpu(values.to(INT32), 2))
      at = at + 2 + int(f[AUXILIARY])
    return torch.cat(all, 0)

  # 4-bit values 0 … 15 of some rows, one in a byte: uint8 (rows, columns).
  def int4_plane(self: __torch__.Ops, f: List[float], qweight: Tensor, plane: int) -> Tensor:
    format = int(f[FORMAT])
    if format == Q4_1:
      blocks = qweight.reshape([qweight.size(0), -1, 20]).narrow(2, 0, 16)
      pairs = [torch.bitwise_and(blocks, 15), torch.bitwise_right_shift(blocks, 4)]
      return torch.stack(pairs, 3).reshape([qweight.size(0), -1])
    if format == AFFINE_INT4:
      return torch.cat([torch.bitwise_right_shift(qweight, 4), torch.bitwise_and(qweight, 15)], 1)
    unsigned = torch.bitwise_xor(qweight.to(UINT8), 128)
    if plane == 1:
      return torch.bitwise_right_shift(unsigned, 4)
    return torch.bitwise_and(unsigned, 15)

  # What goes with pack_int4: bfloat16 (groups of a row, rows, 2), the scale and the weight that a stored 8 stands for.
  def pack_int4_scales(self: __torch__.Ops, plane: int, weights: List[Tensor]) -> Tensor:
    all = annotate(List[Tensor], [])
    at = 0
    while at < len(weights):
      f = annotate(List[float], weights[at + 1].tolist())
      format = int(f[FORMAT])
      if format == Q4_1:
        blocks = weights[at].reshape([-1, 20])
        scale = self.q4_1_float16(blocks, 16)
        minimum = self.q4_1_float16(blocks, 18)
      else:
        scale = weights[at + 2].to(FLOAT32)
        minimum = torch.zeros_like(scale)
        if f[AUXILIARY] > 1.0:
          minimum = weights[at + 3].to(FLOAT32)
      if format != AFFINE_INT8:
        middle = scale * (8.0 + f[OFFSET]) + minimum
      elif plane == 1:
        middle = scale * 8.0 + minimum
        scale = scale * 16.0
      else:
        middle = torch.zeros_like(scale)
      all.append(torch.stack([scale, middle], 1).reshape([int(f[ROWS]), -1, 2]))
      at = at + 2 + int(f[AUXILIARY])
    return torch.contiguous(torch.cat(all, 0).transpose(0, 1).to(BFLOAT16))

