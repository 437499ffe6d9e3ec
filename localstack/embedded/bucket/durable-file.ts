import { mkdir, open, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/** What a write that was cut off leaves; never read. */
export const DRAFT_ENDING = '.draft';

/** Writes a whole file or none of it. Settled once the file and its name are on the disk. */
export async function writeDurably(path: string, content: Buffer | string): Promise<void> {
  const draft = path + DRAFT_ENDING;
  const file = await open(draft, 'w');
  try {
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(draft, path);
  await syncFolder(dirname(path));
}

/** Removes a file. Settled once its name is gone from the disk. */
export async function removeDurably(path: string): Promise<void> {
  await unlink(path);
  await syncFolder(dirname(path));
}

/** Makes a folder below one that exists. */
export async function makeFolderDurably(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await syncFolder(dirname(path));
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
