/** Looks into the layers of an image: what is in them that must not be, and how large they are. */
import { readFile, stat } from 'node:fs/promises';

import { commandOutput } from './command-output.ts';

export interface LayerOrder {
  /** Uncompressed tar files. */
  readonly layers: readonly string[];
  /** Texts that must be in no file of a layer. */
  readonly secrets: readonly string[];
  /** Packages that must not be installed. */
  readonly developmentPackages: readonly string[];
}

/** Names that no file of ours may have in the image. Packages may: some come with their documentation. */
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
}: LayerOrder): Promise<{ readonly files: number; readonly differences: readonly string[] }> {
  const differences: string[] = [];
  let files = 0;
  for (const layer of layers) {
    const content = await readFile(layer);
    const names = await fileNames(layer);
    files += names.length;
    // A tar file holds each file in one piece, so a text in a file is found in the layer as a whole.
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

/** Files and links, without folders. */
async function fileNames(layer: string): Promise<string[]> {
  const listed = await commandOutput('tar', ['--list', '--file', layer]);
  return listed.split('\n').filter((name) => name !== '' && !name.endsWith('/'));
}

/** Megabytes of each, as Docker counts them. */
export async function layerMegabytes(layers: readonly string[]): Promise<number[]> {
  return Promise.all(layers.map(async (layer) => (await stat(layer)).size / 1_000_000));
}
