// Reads what the steps of scripts/test left in a folder, shows every failure in full and every skipped test by name, and
// ends with one line that counts them all. A step that tests nothing by itself (a build, a freshness check) counts as one.
// Exit status 0 only if something passed and nothing failed.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** @typedef {{passed: number, failed: string[], skipped: string[]}} Tally */

const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')

/**
 * Counts `go test -json`. A test with subtests counts as its subtests, unless it failed by itself; a test that never
 * ended has failed, and so has a package that did not build or died outside of its tests.
 * @param {string} text @returns {Tally}
 */
export function tallyGo(text) {
  const tests = new Map() // by package and name
  const packages = new Map()
  const builds = new Map()
  for (const line of text.split('\n').filter(Boolean)) {
    const { Action: action, Package: pkg, Test: test, Output: output, ImportPath: path } = JSON.parse(line)
    if (action === 'build-output') builds.set(path, (builds.get(path) ?? '') + output)
    if (!pkg) continue
    const all = test ? tests : packages
    const name = test ? `${pkg} ${test}` : pkg
    const entry = all.get(name) ?? { pkg, test, end: '', output: '' }
    all.set(name, entry)
    if (output) entry.output += output
    if (['pass', 'fail', 'skip'].includes(action)) entry.end = action
  }

  const tally = { passed: 0, failed: [], skipped: [] }
  const under = (name) => [...tests.keys()].filter((other) => other.startsWith(`${name}/`))
  for (const [name, { end, output }] of tests) {
    const children = under(name)
    const ended = end || 'fail'
    if (children.length > 0 && (ended !== 'fail' || children.some((child) => tests.get(child).end !== 'pass'))) continue
    if (ended === 'pass') tally.passed++
    else if (ended === 'skip') tally.skipped.push(`${name}: ${reason(output)}`)
    else tally.failed.push(`${name}\n${output}`)
  }
  for (const [name, { end, output }] of packages) {
    const shown = tally.failed.some((failure) => failure.startsWith(`${name} `))
    if (end === 'fail' && !shown) tally.failed.push(`${name}\n${output}`)
  }
  if (tally.failed.length > 0) for (const [path, output] of builds) tally.failed[0] += `\n${path}\n${output}`
  return tally
}

const reason = (output) => /_test\.go:\d+: (.*)/.exec(output)?.[1] ?? 'no reason given'

/**
 * Counts vitest's JSON report. A file that could not be loaded counts as one failure.
 * @param {string} text @returns {Tally}
 */
export function tallyVitest(text) {
  const tally = { passed: 0, failed: [], skipped: [] }
  if (!text) return tally
  for (const file of JSON.parse(text).testResults) {
    const failures = tally.failed.length
    for (const test of file.assertionResults) {
      if (test.status === 'passed') tally.passed++
      else if (test.status === 'failed') tally.failed.push(`${test.fullName}\n${test.failureMessages.join('\n')}`)
      else tally.skipped.push(test.fullName)
    }
    if (file.status === 'failed' && tally.failed.length === failures) tally.failed.push(`${file.name}\n${file.message}`)
  }
  return tally
}

/** A report that was cut short, or is none, is a failure of its step. */
function readable(count, step, text) {
  try {
    return count(text)
  } catch (error) {
    return { passed: 0, failed: [`${step}\nIts report cannot be read: ${error.message}`], skipped: [] }
  }
}

/** @param {string} folder @returns {Tally} */
export function tallyAll(folder) {
  const sum = { passed: 0, failed: [], skipped: [] }
  for (const line of read(join(folder, 'steps')).split('\n').filter(Boolean)) {
    const [step, word] = line.split('\t')
    const report = join(folder, `${step}.json`)
    const tally = !existsSync(report)
      ? { passed: word === 'passed' ? 1 : 0, failed: [], skipped: [] }
      : readable(['go', 'rates'].includes(step) ? tallyGo : tallyVitest, step, read(report))
    if (word === 'failed' && tally.failed.length === 0) tally.failed.push(`${step}\n${read(join(folder, `${step}.log`))}`)
    if (word === 'passed' && tally.passed === 0) tally.failed.push(`${step}\nIt says that it passed, but not one test ran.`)
    sum.passed += tally.passed
    sum.failed.push(...tally.failed)
    sum.skipped.push(...tally.skipped)
  }
  return sum
}

if (process.argv[2]) {
  const { passed, failed, skipped } = tallyAll(process.argv[2])
  for (const failure of failed) console.log(`\nFAILED ${failure.trimEnd()}`)
  for (const name of skipped) console.log(`\nSKIPPED ${name}`)
  if (failed.length > 0) console.log(`\nThe logs are in ${process.argv[2]}`)
  console.log(`\n${skipped.length} skipped`)
  console.log(`${passed} passed, ${failed.length} failed`)
  process.exitCode = passed > 0 && failed.length === 0 ? 0 : 1
}
