  # The summed cross-entropy of logits (rows, classes) and labels (rows), and how many labels have the highest logit. The logits are
  # used up: unless gradient_scale is 0 they hold gradient_scale times the loss's gradient afterwards.
  def cross_entropy(self: __torch__.Ops, logits: Tensor, labels: Tensor, gradient_scale: Tensor) -> Tensor:
    p = torch.detach(logits)
    p.sub_(torch.amax(p, [1], True))
    label = labels.unsqueeze(1)
    picked = torch.gather(p, 1, label)
    p.exp_()
    sums = torch.sum(p, [1], True)
    loss = torch.sum(torch.log(sums) - picked)
    correct = torch.sum(torch.eq(picked, 0.0)).to(FLOAT32)
    by = float(gradient_scale)
    if by != 0.0:
      p.mul_(torch.reciprocal(sums).mul_(by))
      p.scatter_add_(1, label, torch.full_like(picked, -by))
    return torch.stack([loss, correct])

