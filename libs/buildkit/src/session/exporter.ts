import {
  FinalizeExportRequest,
  FinalizeExportResponse,
  FindExportersRequest,
  FindExportersResponse,
} from '@hlb/proto/exporter';
import type { CallHandler } from './grpc/server.js';
import { unary } from './grpc/unary.js';

/** Exporters that are only chosen when the result is there. The engine asks in builds with `EnableSessionExporter`, from 0.21 on. */
export interface SessionExporter {
  /** Given the result's metadata and the ids of its references. The exporters' ids continue after those of the request. */
  findExporters(result: {
    readonly metadata: ReadonlyMap<string, Uint8Array>;
    readonly refs: readonly string[];
  }): Promise<readonly { readonly type: string; readonly attrs: Readonly<Record<string, string>> }[]>;
  /** Given what the exporters answered, when all are done. Engines from 0.32. */
  finalizeExport?(response: ReadonlyMap<string, string>): Promise<void>;
}

export function exporterHandlers(exporter: SessionExporter): ReadonlyMap<string, CallHandler> {
  return new Map<string, CallHandler>([
    [
      '/moby.exporter.v1.Exporter/FindExporters',
      unary(FindExportersRequest, FindExportersResponse, async ({ metadata, refs }) => {
        const found = await exporter.findExporters({ metadata, refs });
        return { exporters: found.map(({ type, attrs }) => ({ Type: type, Attrs: new Map(Object.entries(attrs)) })) };
      }),
    ],
    [
      '/moby.exporter.v1.Exporter/FinalizeExport',
      unary(FinalizeExportRequest, FinalizeExportResponse, async ({ exporterResponse }) => {
        await exporter.finalizeExport?.(exporterResponse);
        return {};
      }),
    ],
  ]);
}
