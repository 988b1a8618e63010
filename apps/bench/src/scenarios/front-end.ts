import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Contest, Contestant, Scenario } from '../contest.js';
import { bakeFile, hlbProgram, hlbTargets, javaScriptProgram } from '../generated-programs.js';

/** Functions of the whole program; sizes double up to eight times the smallest. */
const FUNCTIONS = 20_000;
const TARGETS = 5_000;

/** Reading big programs: how time grows with size, beside a well-known parser and beside bake. */
export const frontEnd: Scenario = {
  name: 'front-end',
  what: `parsing, checking, formatting and linting a program of ${FUNCTIONS} functions, beside @babel/parser on JavaScript of the same size`,
  async prepare(bench) {
    const { folder: cwd, hlb } = bench;
    const worker = fileURLToPath(new URL('../front-end/main.js', import.meta.url));
    const process_ = (label: string, ...args: string[]): Contestant => ({
      label,
      args: [process.execPath, worker, ...args],
      cwd,
      env: process.env,
    });
    const contests: Contest[] = [];
    for (const share of [8, 4, 2, 1]) {
      const text = hlbProgram(FUNCTIONS / share);
      const name = `program-${FUNCTIONS / share}`;
      await writeFile(join(cwd, `${name}.hlb`), text);
      await writeFile(join(cwd, `${name}.js`), javaScriptProgram(text.length));
      const babel = process_('@babel/parser', 'babel', `${name}.js`);
      const size = `${(text.length / 1e6).toFixed(1)} MB`;
      contests.push(
        {
          name: `front-end/parse ${size}`,
          what: 'lexing and parsing',
          ours: process_('parse', 'parse', `${name}.hlb`),
          peer: babel,
          rounds: 5,
        },
        {
          name: `front-end/check ${size}`,
          what: 'and checking',
          ours: process_('parse and check', 'check', `${name}.hlb`),
          peer: babel,
          rounds: 5,
        },
        {
          name: `front-end/format ${size}`,
          what: 'formatting',
          ours: process_('format', 'format', `${name}.hlb`),
          peer: babel,
          rounds: 5,
        },
        {
          name: `front-end/lint ${size}`,
          what: 'parsing, checking and linting',
          ours: process_('parse, check and lint', 'lint', `${name}.hlb`),
          peer: babel,
          rounds: 5,
        },
      );
    }
    await writeFile(join(cwd, 'targets.hlb'), hlbTargets(TARGETS));
    await writeFile(join(cwd, 'docker-bake.hcl'), bakeFile(TARGETS));
    const buildx = await bench.buildx();
    contests.push({
      name: `front-end/${TARGETS} targets`,
      what: 'reading and checking a file of targets',
      ours: { label: 'hlb check', args: [...hlb, 'check', 'targets.hlb'], cwd, env: process.env },
      peer:
        'missing' in buildx
          ? buildx
          : {
              label: 'docker buildx bake --print',
              args: [buildx.docker, 'buildx', 'bake', '--print'],
              cwd,
              env: buildx.env,
            },
      rounds: 2,
    });
    return { contests, dispose: async () => {} };
  },
};
