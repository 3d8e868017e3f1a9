// Uses jsforce as an integrator would, and prints what it got as one JSON object.
// node contract.cjs <url> <access token> <refresh token> <client id>; jsforce is found through NODE_PATH.
'use strict'

const jsforce = require('jsforce')

const [instanceUrl, accessToken, refreshToken, clientId] = process.argv.slice(2)

function connect (extra = {}) {
  return new jsforce.Connection({ instanceUrl, accessToken, version: '66.0', ...extra })
}

async function refused (work) {
  try {
    await work()
    return null
  } catch (error) {
    return { name: error.errorCode || error.name, message: error.message }
  }
}

async function collections (conn) {
  const made = await conn.sobject('Contact').create(
    Array.from({ length: 250 }, (_, n) => ({ LastName: `Batch${String(n).padStart(3, '0')}` })),
    { allowRecursive: true }
  )
  const changed = await conn.sobject('Contact').update(
    made.slice(0, 3).map((one) => ({ Id: one.id, Title: 'changed' }))
  )
  const mixed = await conn.sobject('Contact').create([{ LastName: 'good' }, { FirstName: 'bad' }])
  const all = await conn.sobject('Contact').create([{ LastName: 'good' }, { FirstName: 'bad' }], { allOrNone: true })
  const read = await conn.sobject('Contact').retrieve(made.slice(0, 2).map((one) => one.id), { fields: ['Title'] })
  const gone = await conn.sobject('Contact').destroy(made.slice(0, 201).map((one) => one.id), { allowRecursive: true })
  return {
    made: made.filter((one) => one.success).length,
    changed: changed.map((one) => one.success),
    mixed: mixed.map((one) => [one.success, one.errors.map((error) => error.statusCode || error.errorCode)]),
    all: all.map((one) => one.errors[0].statusCode || one.errors[0].errorCode),
    read: read.map((one) => one.Title),
    gone: gone.filter((one) => one.success).length
  }
}

async function upsert (conn) {
  const task = conn.sobject('Task')
  // jsforce puts a single key into the address as it is: no slash may be in it.
  const first = await task.upsert({ Ringdown_Key__c: '005|abc', Subject: 'first' }, 'Ringdown_Key__c')
  const second = await task.upsert({ Ringdown_Key__c: '005|abc', Subject: 'second' }, 'Ringdown_Key__c')
  const many = await task.upsert(
    [{ Ringdown_Key__c: '005|abc', Subject: 'third' }, { Ringdown_Key__c: '005|new', Subject: 'x' }],
    'Ringdown_Key__c'
  )
  const read = await task.retrieve(first.id)
  return {
    first: { success: first.success, created: first.created },
    same: first.id === second.id,
    second: second.created,
    many: many.map((one) => [one.success, one.created]),
    subject: read.Subject
  }
}

async function query (conn) {
  const soql = "SELECT Id, LastName FROM Lead WHERE Company = 'Bulk' ORDER BY LastName"
  const page = await conn.query(soql)
  const next = await conn.queryMore(page.nextRecordsUrl)
  const every = await conn.query(soql, { autoFetch: true, maxFetch: 10000 })
  const found = await conn.sobject('Contact').find({ Name: 'Ana Flores' }, 'Id, Account.Name').execute()
  const children = await conn.sobject('Account').select('Name').include('Contacts').select('Name').end()
    .where({ Name: 'Acme Logistics' }).execute()
  const count = await conn.sobject('Contact').count({ LastName: 'Flores' })
  const groups = await conn.query('SELECT StageName, COUNT(Id) n FROM Opportunity GROUP BY StageName')
  return {
    first: [page.totalSize, page.done, page.records.length],
    next: [next.done, next.records.length],
    every: every.records.length,
    account: found[0].Account.Name,
    children: children[0].Contacts.totalSize,
    count,
    groups: groups.records[0].attributes.type,
    wrong: await refused(() => conn.query('SELECT Nope FROM Contact'))
  }
}

async function describe (conn) {
  const all = await conn.describeGlobal()
  const task = await conn.sobject('Task').describe()
  const key = task.fields.find((one) => one.name === 'Ringdown_Key__c')
  return {
    objects: all.sobjects.map((one) => one.name),
    prefix: task.keyPrefix,
    key: { externalId: key.externalId, unique: key.unique, type: key.type }
  }
}

async function changes (conn) {
  const start = new Date(Date.now() - 120000)
  const end = new Date(Date.now() + 120000)
  const kept = await conn.sobject('Account').create({ Name: 'kept' })
  const gone = await conn.sobject('Account').create({ Name: 'gone' })
  await conn.sobject('Account').destroy(gone.id)
  const updated = await conn.sobject('Account').updated(start, end)
  const deleted = await conn.sobject('Account').deleted(start, end)
  return {
    updated: [updated.ids.includes(kept.id), updated.ids.includes(gone.id)],
    deleted: deleted.deletedRecords.map((one) => one.id === gone.id),
    covered: Number.isFinite(Date.parse(updated.latestDateCovered))
  }
}

async function bulk (conn) {
  conn.bulk2.pollInterval = 20
  const stream = await conn.bulk2.query("SELECT Id, LastName FROM Lead WHERE Company = 'Bulk' ORDER BY LastName")
  const rows = await stream.toArray()
  return {
    rows: rows.length,
    first: rows[0].LastName,
    last: rows[rows.length - 1].LastName,
    wrong: await refused(() => conn.bulk2.query('SELECT Nope FROM Lead'))
  }
}

async function refresh () {
  const seen = []
  const conn = connect({ accessToken: 'ended', refreshToken, oauth2: { loginUrl: instanceUrl, clientId } })
  conn.on('refresh', (token) => seen.push(token))
  const found = await conn.query('SELECT Id FROM Organization')
  return { found: found.totalSize, refreshed: seen.length, changed: conn.accessToken !== 'ended' }
}

async function several (conn, request) {
  // Two records with one key: jsforce hands on the 300 and its list of addresses.
  return request(conn, `/sobjects/Task/Ringdown_Key__c/${encodeURIComponent('twice')}`)
}

async function main () {
  const conn = connect()
  const out = {}
  out.limits = Object.keys(await conn.limits())
  out.usage = conn.limitInfo.apiUsage.used > 0
  out.identity = (await conn.identity()).username
  out.collections = await collections(conn)
  out.upsert = await upsert(conn)
  out.query = await query(conn)
  out.describe = await describe(conn)
  out.changes = await changes(conn)
  out.bulk = await bulk(conn)
  out.search = (await conn.search('FIND {4155550142} IN PHONE FIELDS RETURNING Contact(Name)')).searchRecords
    .map((one) => one.Name)
  out.several = await refused(() => several(conn, (each, path) => each.request(path)))
  out.composite = (await conn.requestPost('/composite', {
    compositeRequest: [{ method: 'GET', url: '/services/data/v66.0/limits', referenceId: 'one' }]
  })).compositeResponse[0].httpStatusCode
  out.refresh = await refresh()
  process.stdout.write(JSON.stringify(out))
}

main().catch((error) => {
  process.stderr.write(`${error.stack}\n`)
  process.exitCode = 1
})
