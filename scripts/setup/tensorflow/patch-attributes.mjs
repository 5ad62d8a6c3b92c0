/**
 * Attributes that the addon of tfjs-node 4.22.0 cannot pass: lists of strings and of types (the fused inference
 * kernels need them), and raw bytes as a string (a function's config_proto).
 *
 * @type {import('./edits.mjs').Edit[]}
 */
export const attributeEdits = [
  {
    file: 'tfjs_backend.cc',
    anchor: '    case TF_ATTR_STRING: {\n',
    place: 'after',
    text: `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t count;
        ENSURE_NAPI_OK(env, napi_get_array_length(env, js_value, &count));
        std::vector<std::string> values(count);
        std::vector<const void *> pointers(count);
        std::vector<size_t> lengths(count);
        for (uint32_t i = 0; i < count; ++i) {
          napi_value element;
          ENSURE_NAPI_OK(env, napi_get_element(env, js_value, i, &element));
          ENSURE_NAPI_OK(env, GetStringParam(env, element, values[i]));
          pointers[i] = values[i].data();
          lengths[i] = values[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, pointers.data(), lengths.data(), count);
        break;
      }
`,
  },
  {
    file: 'tfjs_backend.cc',
    anchor: '    case TF_ATTR_TYPE: {\n',
    place: 'after',
    text: `      if (IsArray(env, nstatus, &js_value)) {
        uint32_t count;
        ENSURE_NAPI_OK(env, napi_get_array_length(env, js_value, &count));
        std::vector<TF_DataType> types(count);
        for (uint32_t i = 0; i < count; ++i) {
          napi_value element;
          int32_t type;
          ENSURE_NAPI_OK(env, napi_get_element(env, js_value, i, &element));
          ENSURE_NAPI_OK(env, napi_get_value_int32(env, element, &type));
          types[i] = static_cast<TF_DataType>(type);
        }
        TFE_OpSetAttrTypeList(tfe_op, attr_name, types.data(), count);
        break;
      }
`,
  },
  {
    file: 'tfjs_backend.cc',
    anchor: '      // NOTE: String attribute values do not have to be utf8 encoded strings\n',
    place: 'before',
    text: `      bool is_bytes = false;
      napi_is_typedarray(env, js_value, &is_bytes);
      if (is_bytes) {
        size_t length;
        void *data;
        ENSURE_NAPI_OK(env, napi_get_typedarray_info(env, js_value, nullptr, &length, &data, nullptr, nullptr));
        TFE_OpSetAttrString(tfe_op, attr_name, length ? data : "", length);
        break;
      }
`,
  },
];
