/** Routes of undoing an import: see what it would change, do it, and let imports continue. */
import { importUndoApi } from '../../contract/imports/import-undo.ts';
import { letImportsContinue } from '../../import/runs/waiting-imports.ts';
import { findUndo } from '../../import/undo/undo-preview.ts';
import { ApiError, found } from '../api-error.ts';
import type { RouteContext } from '../route.ts';
import { runNotFound, sendImport } from './import-start.ts';

/** Adds the routes of undoing an import. */
export function addImportUndoRoutes({ route, options }: RouteContext): void {
  const now = () => options.now?.() ?? Temporal.Now.instant();

  route(importUndoApi.getImportUndo, async ({ district, params }) =>
    found(
      await district.read(async ({ client }) => findUndo(client, district.id, params.id, now())),
      runNotFound,
    ),
  );

  route(importUndoApi.previewImportUndo, async ({ district, params, user }) => {
    requireUndo(
      await district.read(async ({ client }) => findUndo(client, district.id, params.id, now())),
    );
    await sendImport(options.imports, district, {
      isDryRun: true,
      allowsMassChange: false,
      requestedBy: user.name,
      undo: { runId: params.id, reason: null },
    });
    await district.audit({ action: 'import-undo-previewed', detail: { runId: params.id } });
    return { accepted: true as const };
  });

  route(importUndoApi.undoImport, async ({ district, params, body, user }) =>
    district.write(async (database) => {
      const { imports, preview } = requireUndo(
        await findUndo(database.client, district.id, params.id, now()),
      );
      if (preview?.runId !== body.previewRunId || !preview.isCurrent) {
        throw new ApiError('conflict', 'The preview of this undo is no longer current.', {
          advice: 'Look at what undoing would change now, and undo the import then.',
        });
      }
      const { reason } = body;
      await district.audit(
        { action: 'import-undone', detail: { runId: params.id, reason } },
        database,
      );
      // Last, and inside the transaction: if the queue rejects the undo, nothing is recorded.
      await sendImport(options.imports, district, {
        isDryRun: false,
        allowsMassChange: false,
        requestedBy: user.name,
        undo: { runId: params.id, lastRunId: imports.at(-1)?.id, reason },
      });
      return { accepted: true as const };
    }),
  );

  route(importUndoApi.continueImports, async ({ district, user }) =>
    district.write(async (database) => {
      if (!(await letImportsContinue(database.client, district.id, user.name))) {
        throw new ApiError('conflict', 'Imports are not waiting.', {
          advice: 'Someone has let them continue. Refresh the page.',
        });
      }
      await district.audit({ action: 'imports-continued' }, database);
      return { accepted: true as const };
    }),
  );
}

/** Returns the undo if it is possible. */
function requireUndo(undo: Awaited<ReturnType<typeof findUndo>>) {
  const possible = found(undo, runNotFound);
  if (possible.block === null) return possible;
  const { message, advice } = possible.block;
  throw new ApiError('conflict', message, { advice });
}
