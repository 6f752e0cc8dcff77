// npm run images [-- TAG]: builds the images of operator and simulator, on a base made here where none can be pulled.
import { argv, stdout } from 'node:process'
import packageJson from '../package.json' with { type: 'json' }
import { openDocker } from './docker/daemon.ts'
import { buildImages } from './images/build-images.ts'

const [tag = packageJson.version] = argv.slice(2)
const { docker } = await openDocker()
const images = await buildImages({ docker, tag, tell: (line) => stdout.write(`${line}\n`) })
stdout.write(`${images.operator}\n${images.simulator}\n`)
