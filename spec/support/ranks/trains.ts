// A rank that runs all trainings, and prints what they leave.
import { group } from './group.ts'
import { trainings } from './trainings.ts'

process.stdout.write(JSON.stringify(await trainings(group())))
