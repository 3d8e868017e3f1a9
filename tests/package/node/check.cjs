/*
 * Reads a Salesforce source folder as Salesforce's own command line does, without any org, and prints one JSON object:
 *   components  what the folder declares, "Type:Name"
 *   unclaimed   files that belong to no component
 *   problems    XML that is not well formed or that the Metadata API does not know
 *   converted   the files a deployment would send
 *   manifest    its package.xml
 *
 *     node check.cjs SOURCE_FOLDER OUTPUT_FOLDER MODULES_FOLDER
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");

const [source, output, modules] = process.argv.slice(2).map((each) => path.resolve(each));
const load = createRequire(path.join(modules, "package.json"));
const { ComponentSet, MetadataConverter } = load("@salesforce/source-deploy-retrieve");
const { ApiSchemas } = load("@jsforce/jsforce-node/lib/api/metadata/schema.js");
const { XMLParser, XMLValidator } = load("fast-xml-parser");

const API_VERSION = "66.0";
// What the schema of the API demands, but a source file leaves to others or to its own name.
const NOT_IN_SOURCE = new Set(["content"]);

function filesBelow(folder) {
    return fs
        .readdirSync(folder, { withFileTypes: true })
        .flatMap((entry) => {
            const here = path.join(folder, entry.name);
            return entry.isDirectory() ? filesBelow(here) : [here];
        })
        .sort();
}

function propertiesOf(type) {
    const schema = ApiSchemas[type];
    const base = schema.extends ? propertiesOf(schema.extends) : {};
    return { ...base, ...schema.props };
}

/** Compare one parsed element with what the Metadata API takes. `at` says where, for people. */
function compare(value, type, at, problems) {
    const expected = propertiesOf(type);
    const given = typeof value === "object" && value !== null ? value : {};
    for (const [name, inside] of Object.entries(given)) {
        if (name.startsWith("@") || name.startsWith("?")) {
            continue;
        }
        const declared = expected[name];
        if (declared === undefined) {
            problems.push(`${at}: ${type} has no ${name}`);
            continue;
        }
        const many = Array.isArray(declared);
        const wanted = (many ? declared[0] : declared).replace(/^\?/, "");
        if (inside.length > 1 && !many) {
            problems.push(`${at}: ${name} stands there ${inside.length} times`);
        }
        for (const each of inside) {
            compareOne(each, wanted, `${at}/${name}`, problems);
        }
    }
    for (const [name, declared] of Object.entries(expected)) {
        const needed = typeof declared === "string" && !declared.startsWith("?") && !NOT_IN_SOURCE.has(name);
        if (needed && given[name] === undefined) {
            problems.push(`${at}: ${name} is missing`);
        }
    }
}

function compareOne(value, wanted, at, problems) {
    if (ApiSchemas[wanted]) {
        compare(value, wanted, at, problems);
    } else if (typeof value === "object") {
        problems.push(`${at}: a plain value is expected`);
    } else if (wanted === "boolean" && !["true", "false"].includes(value)) {
        problems.push(`${at}: ${value} is neither true nor false`);
    } else if (wanted === "number" && !/^-?\d+(\.\d+)?$/.test(value)) {
        problems.push(`${at}: ${value} is no number`);
    }
}

function problemsIn(file) {
    const text = fs.readFileSync(file, "utf8");
    const at = path.relative(source, file);
    const verdict = XMLValidator.validate(text);
    if (verdict !== true) {
        return [`${at}:${verdict.err.line}: ${verdict.err.msg}`];
    }
    const parser = new XMLParser({ ignoreAttributes: true, parseTagValue: false, isArray: () => true });
    const roots = Object.entries(parser.parse(text)).filter(([name]) => !name.startsWith("?"));
    const problems = [];
    for (const [type, [value]] of roots) {
        if (ApiSchemas[type]) {
            compare(value, type, at, problems);
        } else {
            problems.push(`${at}: the Metadata API knows no ${type}`);
        }
    }
    return problems;
}

async function main() {
    const files = filesBelow(source);
    const problems = files.filter((file) => file.endsWith(".xml")).flatMap(problemsIn);
    const components = ComponentSet.fromSource(source);
    components.apiVersion = API_VERSION;
    components.sourceApiVersion = API_VERSION;
    const claimed = new Set();
    for (const one of components.getSourceComponents()) {
        for (const part of [one, ...one.getChildren()]) {
            [part.xml, ...part.walkContent()].filter(Boolean).forEach((file) => claimed.add(file));
        }
    }
    await new MetadataConverter().convert(components, "metadata", {
        type: "directory",
        outputDirectory: output,
        genUniqueDir: false,
    });
    const report = {
        components: components.getSourceComponents().toArray().map((one) => `${one.type.name}:${one.fullName}`).sort(),
        children: components
            .getSourceComponents()
            .toArray()
            .flatMap((one) => one.getChildren())
            .map((one) => `${one.type.name}:${one.parent.fullName}.${one.name}`)
            .sort(),
        unclaimed: files.filter((file) => !claimed.has(file)).map((file) => path.relative(source, file)),
        problems,
        converted: filesBelow(output).map((file) => path.relative(output, file)),
        manifest: await components.getPackageXml(),
    };
    process.stdout.write(JSON.stringify(report, null, 1));
}

main().catch((error) => {
    process.stderr.write(`${error.name}: ${error.message}\n`);
    process.exitCode = 1;
});
