  # The Euclidean norm of all elements of all tensors.
  def global_norm(self: __torch__.Ops, arrays: List[Tensor]) -> Tensor:
    return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(arrays)))

  # One AdamW step in place; zeroes the gradients. settings: learning rate, beta1, beta2, epsilon, weight decay, step number, divisor
  # of the gradients.
  def adamw(self: __torch__.Ops, settings: List[float], weights: List[Tensor], gradients: List[Tensor], means: List[Tensor], variances: List[Tensor]) -> None:
    s = settings
    step = torch.full([], s[5], dtype=FLOAT32, device=weights[0].device)
    divisor = torch.full([], s[6], dtype=FLOAT32, device=weights[0].device)
    steps = annotate(List[Tensor], [])
    for i in range(len(weights)):
      steps.append(step)
    torch._fused_adamw_(weights, gradients, means, variances, annotate(List[Tensor], []), steps, lr=s[0], beta1=s[1], beta2=s[2], weight_decay=s[4], eps=s[3], amsgrad=False, maximize=False, grad_scale=divisor, found_inf=None)
    torch._foreach_zero_(gradients)

