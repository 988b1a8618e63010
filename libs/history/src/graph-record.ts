import { customNameKey, type Definition } from '@hlb/llb';
import type { HiddenText } from './hidden-text.js';
import { opFacts } from './op-facts.js';
import { type GraphRecord, RECORD_VERSION, type StepRecord } from './record.js';

/** Steps that are told of a build; of larger ones the last, which are nearest to the result. */
const MOST_STEPS = 10_000;

const DIGEST = /sha256:[0-9a-f]{64}/g;

/** What `run … with ignoreCache` puts into the environment, anew for each build. */
const NONCE = /HLB_IGNORE_CACHE=[0-9a-f-]{36}/g;

/** An op of a build by what stays the same from build to build. */
interface Placed {
  readonly bytes: Uint8Array;
  readonly digest: string;
  /** The op's bytes without what changes from build to build, and without its inputs. */
  readonly text: Buffer;
  readonly inputs: readonly number[];
  readonly ignoreCache: boolean;
  readonly place: string | undefined;
  readonly name: string | undefined;
}

/** The ops of a build's definitions, each once, as they are compared with those of another build. */
export class BuildGraph {
  /** The place of each op among the steps, by its digest in this build. */
  readonly places: ReadonlyMap<string, number>;
  /** The same for the same ops at the same places of the program. */
  readonly id: string;
  readonly #steps: readonly Placed[];
  readonly #hidden: HiddenText;
  readonly #definitions: readonly Definition[];

  /** @param sessionId which stands in ops that read local directories */
  constructor(definitions: readonly Definition[], sessionId: string, hidden: HiddenText) {
    const steps: Placed[] = [];
    const places = new Map<string, number>();
    this.#hidden = hidden;
    this.#definitions = definitions;
    for (const definition of definitions) {
      for (const [at, bytes] of definition.def.entries()) {
        const digest = definition.digests[at];
        // The last op of a definition only names its result.
        if (digest === undefined || at === definition.def.length - 1 || places.has(digest)) continue;
        if (steps.length >= MOST_STEPS) break;
        places.set(digest, steps.length);
        steps.push(this.#placed(definition, digest, bytes, { places, steps, sessionId }));
      }
    }
    this.#steps = steps;
    this.places = places;
    this.id = hidden.hash(steps.map(({ digest, place = '' }) => `${digest} ${place}`).join('\n'));
  }

  /**
   * The steps, with what each says; reads all ops, so that it is only asked where nobody did before.
   * @param programs texts of the program and its modules, whose words may be shown
   */
  record(programs: readonly string[]): GraphRecord {
    for (const program of programs) this.#hidden.addProgram(program);
    // A Dockerfile that a frontend read is a part of the program.
    const texts = new Set(this.#definitions.flatMap(({ source }) => source?.infos.map(({ data }) => data) ?? []));
    for (const data of texts) this.#hidden.addProgram(Buffer.from(data).toString('utf8'));
    const steps = this.#steps.map(({ bytes, digest, text, inputs, ignoreCache, place, name }): StepRecord => {
      const { kind, facts } = opFacts(bytes, this.#hidden);
      return {
        ...{ digest, own: this.#hidden.hash(text, 16), kind, inputs, facts },
        // What frontends made is best known by the names that they give.
        name: name === undefined || place !== undefined ? nameOf(kind, facts) : this.#hidden.hide(name),
        ...(place === undefined ? {} : { place }),
        ...(ignoreCache ? { ignoreCache } : {}),
      };
    });
    return { version: RECORD_VERSION, steps };
  }

  #placed(
    { metadata, source }: Definition,
    digest: Definition['digests'][number],
    bytes: Uint8Array,
    known: {
      readonly places: ReadonlyMap<string, number>;
      readonly steps: readonly Placed[];
      readonly sessionId: string;
    },
  ): Placed {
    const inputs = new Set<number>();
    let text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
    text = text.replace(DIGEST, (found) => {
      const place = known.places.get(found);
      if (place === undefined) return found;
      inputs.add(place);
      return 'input';
    });
    if (known.sessionId !== '') text = text.replaceAll(known.sessionId, 'session');
    const plain = text.replace(NONCE, 'HLB_IGNORE_CACHE');
    const below = [...inputs].map((place) => known.steps[place]?.digest ?? '');
    const described = metadata.get(digest);
    const [location] = source?.locations.get(digest) ?? [];
    const start = location?.ranges[0]?.start;
    const file = location === undefined ? undefined : source?.infos[location.sourceIndex]?.filename;
    return {
      ...{ bytes, text: Buffer.from(plain, 'latin1'), inputs: [...inputs] },
      digest: this.#hidden.hash(Buffer.from(`${below.join(' ')} ${plain}`, 'latin1'), 16),
      ignoreCache: described?.ignoreCache === true || plain !== text,
      place: file === undefined || start === undefined ? undefined : `${file}:${start.line}:${start.character}`,
      name: described?.description?.[customNameKey],
    };
  }
}

/** A name for an op without one of its own, of what is said of it. */
function nameOf(kind: StepRecord['kind'], facts: StepRecord['facts']): string {
  const told = facts
    .filter(([name]) => /^(?:local|image|source|command|copy|mkfile|mkdir|rm|symlink)$/.test(name))
    .map(([name, text]) =>
      name === 'source' ? text : name === 'command' ? `run ${text}` : `${name} ${shortImage(name, text)}`,
    );
  return told.length === 0 ? kind : told.join(', ');
}

function shortImage(name: string, text: string): string {
  return name === 'image' ? text.replace(/^docker\.io\/(?:library\/)?/, '').replace(/:latest$/, '') : text;
}
