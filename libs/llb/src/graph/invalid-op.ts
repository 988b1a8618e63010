/** An op or a graph that no engine takes, and that types can't rule out: a command without arguments, a mount without a result. */
export class InvalidOpError extends TypeError {
  override readonly name = 'InvalidOpError';
}
