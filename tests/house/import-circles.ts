/** Finds circles of imports: files none of which can be read before the others. */
import type { SourceFile } from './source-file.ts';

/** Returns circles of imports, types included, each as `a.ts imports b.ts imports a.ts`; none when there are none. */
export function findImportCircles(files: readonly SourceFile[]): string[] {
  const imports = new Map(files.map((file) => [file.path, file.imports]));
  const finished = new Set<string>();
  const visit = (path: string, way: readonly string[]): string[] => {
    const start = way.indexOf(path);
    if (start !== -1) return [[...way.slice(start), path].join(' imports ')];
    if (finished.has(path)) return [];
    const targets = new Set(imports.get(path)?.map(({ target }) => target));
    const circles = [...targets].flatMap((target) => visit(target, [...way, path]));
    finished.add(path);
    return circles;
  };
  return files.flatMap(({ path }) => visit(path, []));
}
