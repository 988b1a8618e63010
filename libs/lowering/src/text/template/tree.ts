/** A list of nodes that print one after the other. */
export type Nodes = readonly TemplateNode[];

export type TemplateNode =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: Nodes; readonly otherwise: Nodes }
  | { readonly kind: 'template'; readonly name: string; readonly pipe: Pipe | undefined }
  | { readonly kind: 'break' | 'continue' };

/** `$x, $y := a | b`. */
export interface Pipe {
  readonly variables: readonly string[];
  /** Whether the variables are set, not declared. */
  readonly assigns: boolean;
  readonly commands: readonly Command[];
}

/** A function or a value with arguments. */
export interface Command {
  readonly args: readonly Operand[];
}

export type Operand =
  | { readonly kind: 'dot' | 'nil' }
  | { readonly kind: 'constant'; readonly value: string | bigint | number | boolean }
  | { readonly kind: 'function'; readonly name: string }
  /** `.a.b`: fields of the dot. */
  | { readonly kind: 'field'; readonly names: readonly string[] }
  | { readonly kind: 'variable'; readonly name: string; readonly names: readonly string[] }
  | { readonly kind: 'pipe'; readonly pipe: Pipe; readonly names: readonly string[] };

export interface Template {
  readonly root: Nodes;
  /** What `define` and `block` gave names. */
  readonly named: ReadonlyMap<string, Nodes>;
}
