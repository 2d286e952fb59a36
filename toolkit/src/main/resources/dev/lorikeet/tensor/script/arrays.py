  def transposed(self: __torch__.Ops, x: Tensor) -> Tensor:
    return torch.contiguous(x.t())

  def cast(self: __torch__.Ops, like: Tensor, to: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.to(torch.detach(arrays[0]), int(to), False, True)

  def zeros(self: __torch__.Ops, like: Tensor, type: Tensor, shape: Tensor) -> Tensor:
    return torch.zeros(annotate(List[int], shape.tolist()), dtype=int(type), device=like.device)

  def scalar_type(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.full([], arrays[0].dtype, dtype=4)

  def assign(self: __torch__.Ops, first: Tensor, arrays: List[Tensor]) -> Tensor:
    arrays[0].copy_(arrays[1])
    return first

  def below(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    return torch.cat(arrays, 0)

  def byte_count(self: __torch__.Ops, like: Tensor, arrays: List[Tensor]) -> Tensor:
    count = 0
    for i in range(len(arrays)):
      count += arrays[i].numel() * arrays[i].element_size()
    return torch.full([], count, dtype=4)

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

  def add_product(self: __torch__.Ops, scale: Tensor, arrays: List[Tensor]) -> Tensor:
    w = arrays[0]
    product = torch.matmul(arrays[2].to(6), arrays[1].to(6)) * float(scale[0])
    part = w.narrow(0, int(scale[1]), product.size(0))
    part.copy_(part.to(6) + product)
    return scale

  def singular_values(self: __torch__.Ops, matrix: Tensor) -> Tensor:
    return torch.linalg_svdvals(matrix.to(7))

  def low_rank(self: __torch__.Ops, matrix: Tensor, rank: Tensor) -> Tensor:
    u, s, vt = torch.linalg_svd(matrix.to(7), False)
    r = int(rank)
    return torch.matmul(u.narrow(1, 0, r) * s.narrow(0, 0, r), vt.narrow(0, 0, r)).to(6)
