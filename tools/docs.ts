// `npm run docs`: writes the pages about data sources and the reference of the SDK anew. Tests fail while they are not what
// this would write.
import { writeFileSync } from 'node:fs'
import { readSdk, SDK_REFERENCE, sdkReference } from './sdk-reference.ts'
import { sourcePages } from './source-pages.ts'

for (const { path, text } of sourcePages()) writeFileSync(path, text)
writeFileSync(SDK_REFERENCE, sdkReference(readSdk()))
