// `node scripts/screens.mjs [OUT]`: runs small builds in terminals of 80 and 140 columns (tmux) and writes what stands on the screens
// to docs/screens. The engine is that of DOCKER_HOST or BUILDKIT_HOST, one of your own; HLB_SCREENS_IMAGE names an image with a shell
// (busybox). What is another each time (durations, digests, times, rates, ids) is written as if it were the same, and what runs side
// by side stands in the order of its names on a terminal. In logs it stands as it came, so there a second run may differ in order.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

if (!process.env.DOCKER_HOST && !process.env.BUILDKIT_HOST) {
  console.error(
    'error: no engine is named\n  help: Set DOCKER_HOST or BUILDKIT_HOST to an engine of your own (`hlb engine up` starts one).',
  );
  process.exit(2);
}
try {
  execFileSync('tmux', ['-V'], { stdio: 'ignore' });
} catch {
  console.error('error: there is no tmux\n  help: Install tmux, in whose terminals the builds are run.');
  process.exit(2);
}

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const hlb = join(root, 'apps', 'cli', 'bin', 'hlb.cjs');
const out = process.argv[2] ?? join(root, 'docs', 'screens');
const image = process.env.HLB_SCREENS_IMAGE ?? 'busybox';
/** Each screen has a tmux of its own: one that ends takes a moment to be gone. */
let socket = '';
const folder = mkdtempSync(join(tmpdir(), 'hlb-screens-'));

/** The number of the run: what is to run again has it in its environment, which no screen shows. */
let turn = Date.now();

const program = (steps) => `fs base() {
	image "${image}"
	env "TURN" "${turn}"
}

fs tools() {
	image "${image}"
	run "touch /compiler"
	run "touch /linker"
}

fs sources() {
	local "src"
}

fs compile(string part) {
	base
	copy sources "/" "/src"
	run "for i in 1 2 3 4 5 6 7 8; do echo compiling \${part} file $i; sleep 0.3; done"
	mkfile "/\${part}.o" 0o644 "object"
}

fs default() {
	tools
	copy compile("parser") "/" "/parser"
	copy compile("printer") "/" "/printer"
	download "bin"
}

fs broken() {
	tools
	copy compile("parser") "/" "/parser"
	check
	download "bin"
}

fs check() {
	base
	run "echo reading the sources; sleep 1.2; echo src/main.c: line 3: no such symbol; exit 2" with option {
		env "LEVEL" "strict"
	}
}

fs parallel() {
	merge ${Array.from({ length: steps }, (_, index) => `unit("unit-${index + 1}")`).join(' ')}
}

fs unit(string name) {
	base
	run "echo testing \${name}; sleep 4"
}
`;

const scenarios = [
  { name: 'success', what: 'A build that goes well', target: 'default', while: /compiling printer file 4/ },
  { name: 'failure', what: 'A command that fails', target: 'broken', while: /reading the sources/ },
  {
    name: 'cancel',
    what: 'Interrupted with Ctrl-C',
    target: 'default',
    while: /compiling printer file 3/,
    interrupt: true,
  },
  { name: 'parallel', what: 'Many steps side by side', target: 'parallel', while: /testing unit-|more running/ },
];

const views = [
  { name: 'tty', what: 'On a terminal', running: true },
  { name: 'plain', what: 'In a pipe, and with `--log-output plain`' },
  { name: 'rawjson', what: "`--log-output rawjson`: BuildKit's solve status, of which a part is shown", lines: 24 },
  { name: 'quiet', what: '`--log-output quiet`' },
];

const widths = [80, 140];
const rows = 30;

try {
  mkdirSync(join(folder, 'src'));
  writeFileSync(join(folder, 'src', 'main.c'), 'int main(void) {\n\treturn 0;\n}\n');
  // So that tools, and what else doesn't change, come from the cache in all that is shown.
  writeFileSync(join(folder, 'build.hlb'), program(24));
  for (const target of ['tools', 'default']) {
    execFileSync(process.execPath, [hlb, 'run', '-t', target, '--log-output', 'quiet'], {
      cwd: folder,
      stdio: 'inherit',
    });
  }
  mkdirSync(out, { recursive: true });
  for (const view of views) writeFileSync(join(out, `${view.name}.md`), await page(view));
  writeFileSync(join(out, 'README.md'), index());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The page of a view: each scenario at each width. */
async function page(view) {
  const parts = [`# ${view.what}\n`];
  for (const scenario of scenarios) {
    parts.push(`## ${scenario.what}\n`);
    for (const width of widths) {
      console.error(`${view.name}: ${scenario.name}, ${width} columns`);
      const { running, end } = await screens(view, scenario, width);
      if (running !== undefined) parts.push(`While it runs, ${width} columns:\n`, fenced(running));
      parts.push(`${running === undefined ? `${width} columns` : 'At its end'}:\n`, fenced(end));
    }
  }
  return `${parts.join('\n')}`;
}

/** Runs a build in a terminal; gives what stands there in the middle, where that is asked for, and at the end. */
async function screens(view, scenario, width) {
  turn += 1;
  socket = `hlb-screens-${process.pid}-${turn}`;
  writeFileSync(join(folder, 'build.hlb'), program(24));
  rmSync(join(folder, 'bin'), { recursive: true, force: true });
  const log = view.name === 'tty' ? '' : ` --log-output ${view.name}`;
  const command = `hlb run -t ${scenario.target}${log}`.replace(' -t default', '');
  tmux(
    '-f',
    '/dev/null',
    'new-session',
    '-d',
    '-x',
    String(width),
    '-y',
    String(rows),
    '-c',
    folder,
    '-e',
    'TERM=xterm-256color',
    'sh',
  );
  try {
    tmux('set-option', '-g', 'history-limit', '5000');
    send(`PS1='$ '; hlb() { ${process.execPath} ${hlb} "$@"; }; clear; tmux -L ${socket} clear-history`, 'Enter');
    await seen((text) => text.trim() === '$');
    send(command, 'Enter');
    let running;
    if (view.running === true || scenario.interrupt === true) {
      const when = view.name === 'tty' || view.name === 'plain' ? scenario.while : undefined;
      if (when === undefined) await new Promise((resolve) => setTimeout(resolve, 2500));
      running = when === undefined ? '' : await seen((text) => when.test(text));
      if (scenario.interrupt === true) tmux('send-keys', '-t', '0', 'C-c');
    }
    const end = await seen((text) => /(?:\n|\^C)\$ *\n*$/.test(text));
    return {
      running: view.running === true ? broken(masked(running), width) : undefined,
      end: shortened(broken(masked(end), width), view.lines),
    };
  } finally {
    tmux('kill-server');
  }
}

/** Waits until the text of the terminal, with what was scrolled away, is as wanted. */
async function seen(wanted) {
  for (let tries = 0; tries < 1200; tries += 1) {
    const text = tmux('capture-pane', '-p', '-J', '-S', '-5000', '-t', '0');
    if (wanted(text)) return text;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the screen did not become as it was expected');
}

function send(...keys) {
  tmux('send-keys', '-t', '0', ...keys);
}

function tmux(...args) {
  return execFileSync('tmux', ['-u', '-L', socket, ...args], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  });
}

/** Without what is another each time. */
function masked(text) {
  return text
    .replaceAll(folder, '/work')
    .split('\n')
    .map(withShortImage)
    .join('\n')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '2026-01-01T00:00:00.000000Z')
    .replaceAll(/[0-9a-f]{64}/g, '0123456789abcdef'.repeat(4))
    .replaceAll(/(?<="id":")[0-9a-f]{16}(?=")/g, '0123456789abcdef')
    .replaceAll(/TURN=\d+/g, 'TURN=1')
    .replaceAll(/ {2}sent \d+B\n/g, '\n')
    .replace(/(?:^ \S echo testing unit-\d+;.*\n)+/m, byUnit)
    .replaceAll(/(?<= {2})\d\d\.\ds\b/g, ' 1.0s')
    .replaceAll(/\b\d+\.\ds\b/g, '1.0s')
    .replaceAll(/^(#\d+) \d+\.\d{3} /gm, '$1 0.100 ')
    .replaceAll(/[\d.]+[kMG]?B\/s/g, '1MB/s')
    .replace(/\$ *\n*$/, '')
    .trimEnd();
}

/** Lines of units side by side in the order of their numbers. */
function byUnit(block) {
  const number = (line) => Number(/unit-(\d+)/.exec(line)?.[1]);
  const lines = block.trimEnd().split('\n');
  return `${lines.sort((a, b) => number(a) - number(b)).join('\n')}\n`;
}

/** The image under a short name; what stands on the right edge stays there. */
function withShortImage(line) {
  if (!line.includes(image)) return line.trimEnd();
  const short = line.replaceAll(image, 'busybox').trimEnd();
  const gap = short.lastIndexOf('   ');
  return gap <= 0
    ? short
    : `${short.slice(0, gap)}${' '.repeat(line.trimEnd().length - short.length)}${short.slice(gap)}`;
}

/** Lines as the terminal breaks them. */
function broken(text, width) {
  return text.replaceAll(new RegExp(`([^\\n]{${width}})(?=[^\\n])`, 'g'), '$1\n');
}

function shortened(text, lines) {
  const all = text.split('\n');
  return lines === undefined || all.length <= lines ? text : [...all.slice(0, lines), '…'].join('\n');
}

function fenced(text) {
  return `\`\`\`text\n${text}\n\`\`\`\n`;
}

function index() {
  const rows = views.map(({ name, what }) => `- [${what}](${name}.md)`).join('\n');
  return `# Screens

What \`hlb run\` shows, in terminals of 80 and of 140 columns: while a build runs, when it has gone well, failed or was interrupted, and
with many steps at once. Written by \`node scripts/screens.mjs\`, which runs all of it on an engine.

${rows}

What each part means is told in [Following a build](../progress.md).
`;
}
