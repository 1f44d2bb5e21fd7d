import { DeltaError } from './errors.ts'

// "Schema Serialization Format".

export const primitiveTypes = [
  'string',
  'long',
  'integer',
  'short',
  'byte',
  'float',
  'double',
  'boolean',
  'binary',
  'date',
  'timestamp',
  'timestamp_ntz',
] as const

export type PrimitiveType = (typeof primitiveTypes)[number] | `decimal(${number},${number})`

export interface ArrayType {
  readonly type: 'array'
  readonly elementType: DataType
  readonly containsNull: boolean
}

export interface MapType {
  readonly type: 'map'
  readonly keyType: DataType
  readonly valueType: DataType
  readonly valueContainsNull: boolean
}

export interface StructType {
  readonly type: 'struct'
  readonly fields: readonly StructField[]
}

export interface StructField {
  readonly name: string
  readonly type: DataType
  readonly nullable: boolean
  readonly metadata: Readonly<Record<string, unknown>>
}

export type DataType = PrimitiveType | ArrayType | MapType | StructType

/** A column that may be null, which is what most are. */
export const column = (name: string, type: DataType, nullable = true): StructField => ({
  name,
  type,
  nullable,
  metadata: {},
})

export const struct = (...fields: readonly StructField[]): StructType => ({ type: 'struct', fields })

export const arrayOf = (elementType: DataType, containsNull = true): ArrayType => ({
  type: 'array',
  elementType,
  containsNull,
})

export const mapOf = (keyType: DataType, valueType: DataType, valueContainsNull = true): MapType => ({
  type: 'map',
  keyType,
  valueType,
  valueContainsNull,
})

export const isPrimitive = (type: DataType): type is PrimitiveType => typeof type === 'string'

export const parseSchema = (schemaString: string): StructType => {
  const schema = JSON.parse(schemaString) as StructType
  if (schema?.type !== 'struct' || !Array.isArray(schema.fields)) {
    throw new DeltaError('corrupt_log', 'the schema of the table is no struct')
  }
  return schema
}

const decimal = /^decimal\((\d+),\s*(-?\d+)\)$/

const checkType = (type: DataType, at: string): void => {
  if (isPrimitive(type)) {
    if ((primitiveTypes as readonly string[]).includes(type) || decimal.test(type)) return
    throw new DeltaError('invalid_argument', `${at} is of the type ${type}, which this package does not know`)
  }
  if (type.type === 'struct') checkFields(type, `${at}.`)
  if (type.type === 'array') checkType(type.elementType, `${at}.element`)
  if (type.type === 'map') {
    checkType(type.keyType, `${at}.key`)
    checkType(type.valueType, `${at}.value`)
  }
}

const checkFields = (schema: StructType, at: string): void => {
  const seen = new Set<string>()
  for (const { name, type } of schema.fields) {
    // Readers treat names without regard to case; and without column mapping Parquet's names are these.
    if (name === '' || /[ ,;{}()\n\t=]/.test(name)) {
      throw new DeltaError(
        'invalid_argument',
        `'${at}${name}' is no name of a column: empty, or with one of ' ,;{}()=' in it`,
      )
    }
    if (seen.has(name.toLowerCase())) throw new DeltaError('invalid_argument', `there are two columns ${at}${name}`)
    seen.add(name.toLowerCase())
    checkType(type, `${at}${name}`)
  }
}

/** Holds what a caller gives as a schema against what a table can have. */
export const checkSchema = (schema: StructType, partitionColumns: readonly string[]): void => {
  checkFields(schema, '')
  if (new Set(partitionColumns).size !== partitionColumns.length) {
    throw new DeltaError('invalid_argument', 'a partition column is named twice')
  }
  for (const name of partitionColumns) {
    const field = schema.fields.find((each) => each.name === name)
    if (field === undefined) throw new DeltaError('invalid_argument', `there is no column ${name} to partition by`)
    if (!isPrimitive(field.type) || field.type === 'binary') {
      throw new DeltaError('invalid_argument', `${name} is of a type that this package does not partition by`)
    }
  }
  if (schema.fields.length <= partitionColumns.length) {
    throw new DeltaError('invalid_argument', 'a table needs a column that it is not partitioned by')
  }
}

/** Whether a type, or one within it, is as asked. */
export const anyType = (type: DataType, asked: (type: DataType) => boolean): boolean => {
  if (asked(type)) return true
  if (isPrimitive(type)) return false
  if (type.type === 'array') return anyType(type.elementType, asked)
  if (type.type === 'map') return anyType(type.keyType, asked) || anyType(type.valueType, asked)
  return type.fields.some((field) => anyType(field.type, asked))
}

/** Whether a field, at any depth, is as asked. */
export const anyField = (schema: StructType, asked: (field: StructField) => boolean): boolean => {
  const inFields = (type: DataType) => !isPrimitive(type) && type.type === 'struct' && type.fields.some(asked)
  return anyType(schema, inFields)
}
