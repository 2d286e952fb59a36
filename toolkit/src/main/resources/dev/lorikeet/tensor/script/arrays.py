  # The transpose of a matrix, in memory of its own.
  def transpose(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x.t())

  # A copy in a dtype, detached; a copy for the same dtype too.
  def cast(self: __torch__.Ops, x: Tensor, dtype: Tensor) -> Tensor:
    return torch.to(torch.detach(x), int(dtype), False, True)

  # Zeros of a shape and dtype, on the device of `shape`.
  def zeros(self: __torch__.Ops, shape: Tensor, dtype: Tensor) -> Tensor:
    return torch.zeros(annotate(List[int], shape.tolist()), dtype=int(dtype), device=shape.device)

  # The number of a tensor's dtype, which may be one that DJL does not know.
  def scalar_type(self: __torch__.Ops, x: Tensor) -> int:
    return x.dtype

  # Overwrites a tensor with the values of another, which may have another dtype.
  def assign(self: __torch__.Ops, target: Tensor, source: Tensor) -> None:
    target.copy_(source)

  # Tensors of any dtype along the first axis.
  def concat_rows(self: __torch__.Ops, arrays: List[Tensor]) -> Tensor:
    return torch.cat(arrays, 0)

  # Bytes of all elements of all tensors.
  def byte_count(self: __torch__.Ops, arrays: List[Tensor]) -> int:
    count = 0
    for i in range(len(arrays)):
      count += arrays[i].numel() * arrays[i].element_size()
    return count

  # The number of elements that are NaN or infinite, about a million at a time.
  def count_non_finite(self: __torch__.Ops, arrays: List[Tensor]) -> int:
    count = 0
    for i in range(len(arrays)):
      a = arrays[i]
      if a.numel() > 0:
        rows = 1048576 * a.size(0) // a.numel() + 1
        parts = torch.split(a, rows, 0)
        for j in range(len(parts)):
          count = count + parts[j].numel() - int(torch.sum(torch.isfinite(parts[j])))
    return count

  # w[first_row …] += scale · BA, in place, computed in float32.
  def add_product(self: __torch__.Ops, w: Tensor, a: Tensor, b: Tensor, scale: float, first_row: int) -> None:
    product = torch.matmul(b.to(FLOAT32), a.to(FLOAT32)) * scale
    part = w.narrow(0, first_row, product.size(0))
    part.copy_(part.to(FLOAT32) + product)

  # The singular values of a matrix, the largest first: float64.
  def singular_values(self: __torch__.Ops, matrix: Tensor) -> Tensor:
    return torch.linalg_svdvals(matrix.to(FLOAT64))

  # The nearest matrix of a rank: float32.
  def low_rank(self: __torch__.Ops, matrix: Tensor, rank: Tensor) -> Tensor:
    u, s, vt = torch.linalg_svd(matrix.to(FLOAT64), False)
    r = int(rank)
    return torch.matmul(u.narrow(1, 0, r) * s.narrow(0, 0, r), vt.narrow(0, 0, r)).to(FLOAT32)
