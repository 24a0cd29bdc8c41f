/** How the web app is built: a few small files under hashed names, and a server for work on it. */
import react from '@vitejs/plugin-react';
import { defineConfig, type Rolldown } from 'vite';

type Modules = Pick<Rolldown.PluginContext, 'getModuleInfo'>;

/** Returns whether a module is loaded with the first page, whichever that is: the entry imports it, if indirectly. */
function isInEntry(id: string, modules: Modules, known: Map<string, boolean>): boolean {
  const before = known.get(id);
  if (before !== undefined) return before;
  // Ends circles of imports.
  known.set(id, false);
  const info = modules.getModuleInfo(id);
  const isIn =
    info !== null &&
    (info.isEntry || info.importers.some((importer) => isInEntry(importer, modules, known)));
  known.set(id, isIn);
  return isIn;
}

const known = new Map<string, boolean>();

/**
 * Mantine is imported by one name, so that all of it looks as if every page needed it. These are the parts that the
 * frame and nearly every page use; the others are split by the pages that use them.
 */
const commonParts =
  /@mantine\/core\/esm\/(?:core|components\/(?:Alert|Anchor|Button|CloseButton|Group|Input|InputBase|Kbd|Loader|Paper|Skeleton|Stack|Text|TextInput|Title|Transition|UnstyledButton))\//;
const isSplitByPage = (id: string): boolean =>
  /@mantine\/core|@floating-ui|react-number-format/.test(id) && !commonParts.test(id);

// Vite reads a configuration from its default export.
// oxlint-disable-next-line import/no-default-export
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    reportCompressedSize: false,
    rolldownOptions: {
      output: {
        // What every page needs is one file. It would be thirty, each with a request and a kilobyte of headers.
        codeSplitting: {
          groups: [
            {
              name: (id, modules) =>
                !isSplitByPage(id) && isInEntry(id, modules, known) ? 'app' : null,
            },
          ],
        },
      },
    },
  },
  // `vite web` with the server of the demo next to it.
  server: { proxy: { '/api': 'http://127.0.0.1:4000' } },
});
