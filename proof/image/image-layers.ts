/** Searches the layers of an image for what must not be in them, and measures their size. */
import { readFile, stat } from 'node:fs/promises';

import { commandOutput } from '../command-output.ts';

export interface LayerOptions {
  /** Uncompressed tar files. */
  readonly layers: readonly string[];
  /** Texts that must not be in any file. */
  readonly secrets: readonly string[];
  /** Packages that must not be installed. */
  readonly developmentPackages: readonly string[];
}

/** Names that no file of the project may have in the image. Packages may, since some contain documentation. */
const forbiddenNames = [
  /(?:^|\/)\.env/,
  /(?:^|\/)\.(?:git|npm|npmrc|daybreak)(?:\/|$)/,
  /(?:^|\/)(?:secrets|tests|docs|proof|bench|sandbox|scripts)\/./,
  /\.test\.tsx?$/,
  /\.(?:key|pem|backup)$/,
];

/** Returns a sentence for each thing that must not be in the layers. */
export async function searchLayers({
  layers,
  secrets,
  developmentPackages,
}: LayerOptions): Promise<{ readonly files: number; readonly differences: readonly string[] }> {
  const differences: string[] = [];
  let files = 0;
  for (const layer of layers) {
    const content = await readFile(layer);
    const names = await fileNames(layer);
    files += names.length;
    // A tar file stores each file in one piece, so searching the layer finds a text in any file.
    if (secrets.some((secret) => content.includes(secret))) {
      differences.push(`A secret is in the layer with ${names[0] ?? 'no file'}.`);
    }
    for (const name of names) {
      const [, ofPackage] = name.split(/(?:^|\/)node_modules\//, 2);
      if (ofPackage === undefined) {
        if (forbiddenNames.some((forbidden) => forbidden.test(name))) {
          differences.push(`${name} is in the image.`);
        }
      } else if (developmentPackages.some((one) => ofPackage === `${one}/package.json`)) {
        differences.push(
          `The development package ${ofPackage.replace(/\/[^/]+$/, '')} is installed.`,
        );
      }
    }
  }
  return { files, differences };
}

/** Lists files and links, without folders. */
async function fileNames(layer: string): Promise<string[]> {
  const listed = await commandOutput('tar', ['--list', '--file', layer]);
  return listed.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
}

/** Returns the megabytes of each layer, as Docker counts them. */
export async function layerMegabytes(layers: readonly string[]): Promise<number[]> {
  return Promise.all(layers.map(async (layer) => (await stat(layer)).size / 1_000_000));
}
