// `npm run docs`: writes the pages about data sources anew. A test fails while they are not what this would write.
import { writeFileSync } from 'node:fs'
import { sourcePages } from './source-pages.ts'

for (const { path, text } of sourcePages()) writeFileSync(path, text)
