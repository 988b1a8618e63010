// Writes docs/api/*.api.md, what those may use who write passes or build with the client, from the built declarations; with --check
// only compares. Each change of the API is a change of these files, so that nobody changes it unawares.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const reports = join(root, 'docs', 'api');
const check = process.argv.includes('--check');
const entries = [
  { library: 'ir', report: 'ir', entry: 'index' },
  { library: 'ir', report: 'ir-testing', entry: 'testing/index' },
  { library: 'ir', report: 'ir-outside', entry: 'outside' },
  { library: 'llb', report: 'llb', entry: 'index' },
  { library: 'buildkit', report: 'buildkit', entry: 'index' },
];
const silent = { logLevel: 'none' };

mkdirSync(reports, { recursive: true });
const temporary = mkdtempSync(join(tmpdir(), 'hlb-api-'));
try {
  for (const { library: name, report, entry } of entries) {
    const library = join(root, 'libs', name);
    const config = ExtractorConfig.prepare({
      packageJsonFullPath: join(library, 'package.json'),
      configObjectFullPath: undefined,
      configObject: {
        projectFolder: library,
        mainEntryPointFilePath: join(library, 'dist', `${entry}.d.ts`),
        apiReport: {
          enabled: true,
          reportFileName: `${report}.api.md`,
          reportFolder: reports,
          reportTempFolder: temporary,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        newlineKind: 'lf',
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              module: 'nodenext',
              target: 'es2023',
              lib: ['es2023'],
              types: ['node'],
              strict: true,
              skipLibCheck: true,
            },
          },
        },
        messages: {
          compilerMessageReporting: { default: { logLevel: 'error' } },
          extractorMessageReporting: { default: silent },
          tsdocMessageReporting: { default: silent },
        },
      },
    });
    const { apiReportChanged, succeeded } = Extractor.invoke(config, {
      localBuild: !check,
      messageCallback: (message) => {
        message.handled = message.logLevel !== 'error';
      },
    });
    if (apiReportChanged && check)
      console.error(`docs/api/${report}.api.md is not as \`npm run generate:api\` makes it`);
    if (!succeeded) process.exitCode = 1;
  }
} finally {
  rmSync(temporary, { recursive: true, force: true });
}
