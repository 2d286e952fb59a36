  # The vectors of ids (batch, time) in a table [vectors, descriptor, auxiliary …].
  def lookup(self: __torch__.Ops, ids: Tensor, table: List[Tensor]) -> Tensor:
    f = annotate(List[float], table[1].tolist())
    if f[FORMAT] == DENSE:
      return torch.embedding(table[0], ids)
    return self.dequantize_rows(table, f, ids.reshape([-1])).reshape([ids.size(0), ids.size(1), -1])

  # Token vectors (batch, time, width) in float32.
  def embed(self: __torch__.Ops, ids: Tensor, tables: List[Tensor]) -> Tensor:
    return self.lookup(ids, tables).to(FLOAT32)

  # Token vectors plus learned position vectors.
  def embed_positions(self: __torch__.Ops, ids: Tensor, positions: Tensor, tokens: List[Tensor], table: List[Tensor]) -> Tensor:
    return (self.lookup(ids, tokens) + self.lookup(positions, table)).to(FLOAT32)

  # Final normalisation and projection, in float32, of the rows with these numbers, or of all if there are none.
  def head(self: __torch__.Ops, x: Tensor, rows: Tensor, training: Tensor, norm: List[Tensor], weights: List[Tensor]) -> Tensor:
    h = x.reshape([-1, x.size(-1)])
    if rows.numel() > 0:
      h = torch.index_select(h, 0, rows)
    return self.project(self.norm(h, norm), weights, bool(training)).to(FLOAT32)

