// npm run setup: makes a fresh clone ready. Plain JavaScript without dependencies, for it runs before there are any and
// on the Node that happens to be installed (20 or newer). Says what it does on standard error; warm, it says nothing.
//
//   node tools/setup.js            everything that the tests and the demo need
//   node tools/setup.js --assets   the same, then the folder with etcd, kube-apiserver and kubectl on standard output
//   node tools/setup.js --chart-tools   the folder with helm and promtool, which only the tests of the charts need
//   node tools/setup.js --kind          the folder with kind, which only the tests in a kind cluster need
//   node tools/setup.js --kind-node     the folder with the parts of a kind node, for where its image cannot be pulled
//   node tools/setup.js --gitops-tools  the folder with Argo CD and kstatus, which only the tests of GitOps need
import { argv, exit } from 'node:process'
import { pathToFileURL } from 'node:url'
import { ensureChartTools } from './setup/chart-tools.js'
import { SetupError, say } from './setup/command.js'
import { ensureControlPlane } from './setup/control-plane.js'
import { ensureDocker } from './setup/docker.js'
import { ensureKind } from './setup/kind.js'
import { ensureNodeParts } from './setup/kind-node.js'
import { ensureGitopsTools } from './setup/gitops-tools.js'
import { checkNode, findNode } from './setup/node.js'
import { ensurePackages } from './setup/packages.js'
import { checkRequirements } from './setup/requirements.js'

/** What running the project's code takes; answers the Node to run it with. */
export async function setUpProgram() {
  checkRequirements()
  await ensurePackages()
  const node = findNode()
  checkNode(node)
  return { node }
}

/** What the tests and the demo take in addition; answers the Node and the folder of the control plane's programs. */
export async function setUpEverything() {
  const { node } = await setUpProgram()
  return { node, assets: await ensureControlPlane() }
}

/** What building images takes. */
export async function setUpImages() {
  const ready = await setUpProgram()
  await ensureDocker()
  return ready
}

/** What all tests take, those that run images included. */
export async function setUpEverythingAndDocker() {
  await ensureDocker()
  return setUpEverything()
}

/** Ends the process with the sentence of a SetupError, without a stack; other errors pass. */
export function failWithSentence(error) {
  if (!(error instanceof SetupError)) throw error
  say(`error: ${error.message}`)
  exit(1)
}

/** Folders that few need, by the flag that asks for them. */
const FOLDERS = {
  '--chart-tools': ensureChartTools,
  '--gitops-tools': ensureGitopsTools,
  '--kind': ensureKind,
  '--kind-node': ensureNodeParts,
}

async function main() {
  const ensureFolder = FOLDERS[argv[2]]
  if (ensureFolder) return void process.stdout.write(`${await ensureFolder()}\n`)
  const { assets } = await setUpEverything()
  if (argv.includes('--assets')) process.stdout.write(`${assets}\n`)
  else say('set up: npm run demo, npm test')
}

if (import.meta.url === pathToFileURL(argv[1]).href) await main().catch(failWithSentence)
