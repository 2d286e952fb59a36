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
