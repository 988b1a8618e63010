import { goQuote } from '../../text/go-quote.js';

/** An OCI image config as JSON has it; fields that are not named here are kept as they are. */
export interface ImageConfig {
  readonly [field: string]: unknown;
}

/**
 * A change of an image config, as a chain back to where it came from: a state costs one link. The config is only written out for
 * what leaves the build as an image.
 */
export type ConfigChange =
  | { readonly kind: 'base'; readonly config: ImageConfig }
  | { readonly kind: 'set'; readonly before: ConfigChange | undefined; readonly field: string; readonly value: unknown }
  | {
      readonly kind: 'append';
      readonly before: ConfigChange | undefined;
      readonly field: 'Env';
      readonly value: string;
    }
  | {
      readonly kind: 'keys';
      readonly before: ConfigChange | undefined;
      readonly field: 'ExposedPorts' | 'Volumes';
      readonly keys: readonly string[];
    }
  | { readonly kind: 'label'; readonly before: ConfigChange | undefined; readonly key: string; readonly value: string }
  | {
      readonly kind: 'history';
      readonly before: ConfigChange | undefined;
      readonly text: string;
      readonly empty: boolean;
    };

/** How the config of an image output is completed. */
export interface ConfigForm {
  /** Written where the config has none. */
  readonly platform: { readonly os: string; readonly arch: string } | undefined;
  /** Whether `container_config` says what the last step was, as pushed images have it. */
  readonly containerConfig: boolean;
}

const zeroTime = '0001-01-01T00:00:00Z';

/** The config as JSON text. */
export function writeConfig(change: ConfigChange | undefined, form: ConfigForm): string {
  const chain: ConfigChange[] = [];
  for (let at = change; at !== undefined; at = at.kind === 'base' ? undefined : at.before) chain.push(at);
  const draft = new ConfigDraft();
  for (const each of chain.reverse()) draft.apply(each);
  return JSON.stringify(draft.finish(form));
}

class ConfigDraft {
  #image: Record<string, unknown> = {};
  #config: Record<string, unknown> = {};
  #history: unknown[] | undefined;
  /** Place in the history of a label entry that further labels are added to. */
  #labelEntry = false;
  #lastText: string | undefined;

  apply(change: ConfigChange): void {
    switch (change.kind) {
      case 'base': {
        this.#image = { ...change.config };
        this.#config = { ...recordOf(change.config['config']) };
        const history = change.config['history'];
        this.#history = Array.isArray(history) ? [...history] : undefined;
        this.#lastText = lastCreatedBy(this.#history);
        this.#labelEntry = this.#lastText?.startsWith('LABEL') === true;
        return;
      }
      case 'set':
        this.#config[change.field] = change.value;
        return;
      case 'append':
        this.#config[change.field] = [...listOf(this.#config[change.field]), change.value];
        return;
      case 'keys': {
        const added = Object.fromEntries(change.keys.map((key) => [key, {}]));
        this.#config[change.field] = { ...recordOf(this.#config[change.field]), ...added };
        return;
      }
      case 'label':
        this.#config['Labels'] = { ...recordOf(this.#config['Labels']), [change.key]: change.value };
        this.#addLabel(`${change.key}=${change.value}`);
        return;
      case 'history':
        this.#labelEntry = false;
        this.#add(change.text, change.empty);
        return;
    }
  }

  finish({ platform, containerConfig }: ConfigForm): ImageConfig {
    const labels = this.#config['Labels'];
    const { architecture, os } = this.#image;
    return {
      ...this.#image,
      architecture: filled(architecture, platform?.arch),
      os: filled(os, platform?.os),
      config: Object.fromEntries(Object.entries(this.#config).filter(([, value]) => !isEmpty(value))),
      rootfs: this.#image['rootfs'] ?? { type: '', diff_ids: null },
      ...(this.#history === undefined || this.#history.length === 0 ? {} : { history: this.#history }),
      container_config: {
        Cmd: containerConfig && this.#lastText !== undefined ? [this.#lastText] : null,
        Labels: containerConfig && labels !== undefined ? labels : null,
      },
    };
  }

  #addLabel(text: string): void {
    if (!this.#labelEntry) {
      this.#add(`LABEL ${text}`, true);
      this.#labelEntry = true;
      return;
    }
    this.#lastText = `${this.#lastText} ${text}`;
    this.#history?.push({ ...recordOf(this.#history.pop()), created_by: this.#lastText });
  }

  #add(text: string, empty: boolean): void {
    this.#history ??= [];
    this.#history.push({
      created: zeroTime,
      created_by: text,
      comment: historyComment,
      ...(empty ? { empty_layer: true } : {}),
    });
    this.#lastText = text;
    this.#image['created'] = zeroTime;
  }
}

const historyComment = 'hlb.v0';

/** The history text of an entrypoint: its arguments quoted, in brackets. */
export function entrypointText(args: readonly string[]): string {
  return `ENTRYPOINT [${args.map((arg) => goQuote(arg)).join(' ')}]`;
}

/** An image config from JSON text; `undefined` where that is no object. */
export function readConfig(text: string): ImageConfig | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The fields of a config that a state takes over. */
export function configSettings(image: ImageConfig): {
  readonly env: readonly string[];
  readonly dir: string;
  readonly user: string | undefined;
  readonly os: string;
  readonly arch: string;
  readonly variant: string;
} {
  const config = recordOf(image['config']);
  const user = textOf(config['User']);
  return {
    env: listOf(config['Env']),
    dir: textOf(config['WorkingDir']),
    user: user === '' ? undefined : user,
    os: textOf(image['os']),
    arch: textOf(image['architecture']),
    variant: textOf(image['variant']),
  };
}

/** Image configs leave out what is empty. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === null || value === undefined || value === '' || value === false;
}

function filled(value: unknown, fallback: string | undefined): string {
  const text = textOf(value);
  return text === '' ? (fallback ?? '') : text;
}

function lastCreatedBy(history: readonly unknown[] | undefined): string | undefined {
  const text = textOf(recordOf(history?.at(-1))['created_by']);
  return text === '' ? undefined : text;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function listOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
