import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises'

/** Folders that hold nothing but generated files: what no kind generates any more is removed. */
const OWN_FOLDERS = [
  'crds/',
  'docs/kinds/',
  'charts/longshore/files/crds/',
  'charts/longshore/files/rbac/',
  'charts/longshore-crds/files/crds/',
]

/** Paths of the files under `root` that differ from `files`, are missing, or should not be there. */
export async function differences(files: ReadonlyMap<string, string>, root: URL): Promise<readonly string[]> {
  const stale = (await filesIn(OWN_FOLDERS, root)).filter((path) => !files.has(path))
  const wanted = await Promise.all(
    [...files].map(async ([path, text]) => ((await textOf(path, root)) === text ? [] : [path])),
  )
  return [...wanted.flat(), ...stale].toSorted()
}

/** Writes what differs and removes what should not be there; answers the paths. */
export async function writeFiles(files: ReadonlyMap<string, string>, root: URL): Promise<readonly string[]> {
  const changed = await differences(files, root)
  await Promise.all(changed.map((path) => writeOrRemove(new URL(path, root), files.get(path))))
  return changed
}

async function writeOrRemove(file: URL, text: string | undefined): Promise<void> {
  if (text === undefined) return rm(file)
  await mkdir(new URL('.', file), { recursive: true })
  await writeFile(file, text)
}

async function filesIn(folders: readonly string[], root: URL): Promise<readonly string[]> {
  const lists = folders.map(async (folder) => {
    const names = await absentAs([], readdir(new URL(folder, root)))
    return names.map((name) => folder + name)
  })
  return (await Promise.all(lists)).flat()
}

function textOf(path: string, root: URL): Promise<string | undefined> {
  return absentAs(undefined, readFile(new URL(path, root), 'utf8'))
}

async function absentAs<T, U>(substitute: U, reading: Promise<T>): Promise<T | U> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return substitute
    throw error
  }
}
