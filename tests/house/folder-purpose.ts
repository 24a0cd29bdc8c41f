/** Finds folders whose first file does not say what the folder is for. */
import type { SourceFile } from './source-file.ts';

/**
 * Returns a sentence for each folder without a description. The first file of a folder is the one named like it, or
 * else the first by name; its first comment has to contain a sentence that begins with "This folder".
 */
export function findUndescribedFolders(files: readonly SourceFile[]): string[] {
  const folders = Map.groupBy(
    files.filter(({ path }) => !/\.test\.tsx?$/.test(path)),
    ({ path }) => path.slice(0, path.lastIndexOf('/')),
  );
  return [...folders].flatMap(([folder, inFolder]) => {
    const first = inFolder.find(({ path }) => isNamedLike(folder, path)) ?? inFolder[0];
    return first === undefined || /(?:^|[.:]\s+)This folder /.test(first.firstComment)
      ? []
      : [
          `${first.path} is the first file of ${folder}: add to its first comment "This folder …", what the folder is for`,
        ];
  });
}

const isNamedLike = (folder: string, path: string) =>
  path.replace(/\.tsx?$/, '') === `${folder}/${folder.slice(folder.lastIndexOf('/') + 1)}`;
