import { type IrModule, mapTexts, type Op, type OpId, type Request, rebuild, type Text } from '@hlb/ir';

/** The module with texts that are known written where they are read. The same module for none. */
export function writeKnownTexts(module: IrModule, known: ReadonlyMap<OpId, string>): IrModule {
  if (known.size === 0) return module;
  const written = rebuild(module, (op) => writeTexts(op, known));
  const targets = written.targets.map((target) => {
    const request = writeRequest(target.request, known);
    return request === target.request ? target : { ...target, request };
  });
  const same = targets.every((target, index) => target === written.targets[index]);
  return same ? written : { ...written, targets };
}

/** An op with the texts that are known; what it reads beside them stays. */
function writeTexts(op: Op, known: ReadonlyMap<OpId, string>): Op {
  return mapTexts(op, (text) => writeText(text, known));
}

export function writeText(text: Text, known: ReadonlyMap<OpId, string>): Text {
  if (typeof text.text === 'string') return text;
  const value = known.get(text.text);
  return value === undefined ? text : { ...text, text: value };
}

function writeRequest(request: Request, known: ReadonlyMap<OpId, string>): Request {
  if (request.kind !== 'text' || typeof request.value === 'string') return request;
  const value = known.get(request.value);
  return value === undefined ? request : { ...request, value };
}
