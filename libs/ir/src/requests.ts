import type { IrModule, Request, Target } from './module.js';
import type { OpId } from './ops.js';

/** The ops that a request names, in order; those of one kind of request, where it is given. Groups may nest as deeply as functions. */
export function requestOperands(request: Request, kind?: 'solve' | 'text'): readonly OpId[] {
  const found: OpId[] = [];
  const rest: Request[] = [request];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (next.kind === 'solve') {
      if (kind !== 'text') found.push(next.value);
    } else if (next.kind === 'text') {
      if (kind !== 'solve' && typeof next.value !== 'string') found.push(next.value);
    } else if (next.kind === 'parallel' || next.kind === 'sequential') {
      for (const inner of next.requests.toReversed()) rest.push(inner);
    }
  }
  return found;
}

/** The request with each op replaced by `f` of it; the same object where nothing changes. */
export function mapRequest(request: Request, f: (id: OpId) => OpId): Request {
  // Groups that are being rebuilt, outermost first, each with what is done of it.
  const open: { readonly group: Group; readonly done: Request[] }[] = [];
  let at: Request = request;
  while (true) {
    if ((at.kind === 'parallel' || at.kind === 'sequential') && at.requests.length > 0) {
      const first = at.requests[0];
      open.push({ group: at, done: [] });
      if (first !== undefined) at = first;
      continue;
    }
    let mapped = mapLeaf(at, f);
    while (true) {
      const around = open.at(-1);
      if (around === undefined) return mapped;
      around.done.push(mapped);
      const next = around.group.requests[around.done.length];
      if (next !== undefined) {
        at = next;
        break;
      }
      open.pop();
      mapped = rebuilt(around.group, around.done);
    }
  }
}

/** Everything that a module is built for: its outputs and what its targets ask for. */
export function roots(module: IrModule): readonly OpId[] {
  return [
    ...module.outputs.map((output) => output.op),
    ...module.targets.flatMap((target) => requestOperands(target.request)),
  ];
}

/** The target with each op of its request replaced by `f` of it; the same object where nothing changes. */
export function mapTarget(target: Target, f: (id: OpId) => OpId): Target {
  const request = mapRequest(target.request, f);
  return request === target.request ? target : { ...target, request };
}

type Group = Extract<Request, { readonly requests: readonly Request[] }>;

function mapLeaf(request: Request, f: (id: OpId) => OpId): Request {
  if (request.kind === 'solve') {
    const value = f(request.value);
    return value === request.value ? request : { ...request, value };
  }
  if (request.kind === 'text' && typeof request.value !== 'string') {
    const value = f(request.value);
    return value === request.value ? request : { ...request, value };
  }
  return request;
}

function rebuilt(group: Group, requests: readonly Request[]): Request {
  return requests.every((request, index) => request === group.requests[index]) ? group : { ...group, requests };
}
