/**
 * Two more calls of the addon, for replaying a recorded training step as one TensorFlow function:
 * `addFunction(name, graphDef: Uint8Array, inputs: string[], outputs: string[], controls: string[])` registers the
 * graph in the eager context ("node:index" names an output), `removeFunction(name)` takes it out again.
 */
const implementation = `static bool ReadStrings(napi_env env, napi_value array, std::vector<std::string> &strings) {
  uint32_t count;
  if (napi_get_array_length(env, array, &count) != napi_ok) return false;
  strings.resize(count);
  for (uint32_t i = 0; i < count; ++i) {
    napi_value element;
    if (napi_get_element(env, array, i, &element) != napi_ok) return false;
    if (GetStringParam(env, element, strings[i]) != napi_ok) return false;
  }
  return true;
}

// "node:index", or "node" for its first output; false after an error was thrown to JavaScript.
static bool FindOutputs(napi_env env, TF_Graph *graph, const std::vector<std::string> &names,
                        std::vector<TF_Output> &outputs) {
  for (const std::string &name : names) {
    const size_t colon = name.rfind(':');
    TF_Output output;
    output.oper = TF_GraphOperationByName(graph, name.substr(0, colon).c_str());
    output.index = colon == std::string::npos ? 0 : atoi(name.c_str() + colon + 1);
    if (output.oper == nullptr) {
      NAPI_THROW_ERROR(env, "addFunction: the graph has no node %s", name.c_str());
      return false;
    }
    outputs.push_back(output);
  }
  return true;
}

template <typename T>
using Owned = std::unique_ptr<T, void (*)(T *)>;

void TFJSBackend::AddFunction(napi_env env, napi_value *args) {
  std::string name;
  std::vector<std::string> inputs, outputs, controls;
  size_t length;
  void *data;
  ENSURE_NAPI_OK(env, GetStringParam(env, args[0], name));
  ENSURE_NAPI_OK(env, napi_get_typedarray_info(env, args[1], nullptr, &length, &data, nullptr, nullptr));
  if (!ReadStrings(env, args[2], inputs) || !ReadStrings(env, args[3], outputs) ||
      !ReadStrings(env, args[4], controls)) {
    NAPI_THROW_ERROR(env, "addFunction: inputs, outputs and controls must be arrays of strings");
    return;
  }
  SignalGuard guard;
  Owned<TF_Graph> graph(TF_NewGraph(), TF_DeleteGraph);
  Owned<TF_ImportGraphDefOptions> options(TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
  Owned<TF_Buffer> buffer(TF_NewBufferFromString(data, length), TF_DeleteBuffer);
  TF_AutoStatus status;
  TF_GraphImportGraphDef(graph.get(), buffer.get(), options.get(), status.status);
  ENSURE_TF_OK(env, status);
  std::vector<TF_Output> in, out, control;
  if (!FindOutputs(env, graph.get(), inputs, in) || !FindOutputs(env, graph.get(), outputs, out) ||
      !FindOutputs(env, graph.get(), controls, control)) {
    return;
  }
  std::vector<const TF_Operation *> control_ops;
  for (const TF_Output &each : control) control_ops.push_back(each.oper);
  Owned<TF_Function> function(
      TF_GraphToFunctionWithControlOutputs(graph.get(), name.c_str(), 0, -1, nullptr, in.size(), in.data(),
                                           out.size(), out.data(), nullptr, control_ops.size(),
                                           control_ops.data(), nullptr, nullptr, nullptr, status.status),
      TF_DeleteFunction);
  ENSURE_TF_OK(env, status);
  TFE_ContextAddFunction(tfe_context_, function.get(), status.status);
  ENSURE_TF_OK(env, status);
}

void TFJSBackend::RemoveFunction(napi_env env, napi_value *args) {
  std::string name;
  ENSURE_NAPI_OK(env, GetStringParam(env, args[0], name));
  TF_AutoStatus status;
  TFE_ContextRemoveFunction(tfe_context_, name.c_str(), status.status);
  ENSURE_TF_OK(env, status);
}

`;

const entryPoint = (name, js, count) => `static napi_value ${name}(napi_env env, napi_callback_info info) {
  size_t argc = ${count};
  napi_value args[${count}];
  napi_value js_this;
  ENSURE_NAPI_OK_RETVAL(env, napi_get_cb_info(env, info, &argc, args, &js_this, nullptr), nullptr);
  if (argc < ${count}) {
    NAPI_THROW_ERROR(env, "${js}: too few arguments");
    return nullptr;
  }
  TFJSBackend *const backend = GetTFJSBackend(env);
  if (!backend) return nullptr;
  backend->${name}(env, args);
  return js_this;
}

`;

/** To be applied after the signal edits, whose guard it uses. @type {import('./edits.mjs').Edit[]} */
export const functionEdits = [
  {
    file: 'tfjs_backend.cc',
    anchor: 'napi_value TFJSBackend::GetNumOfSavedModels(napi_env env) {',
    place: 'before',
    text: implementation,
  },
  {
    file: 'tfjs_backend.h',
    anchor: '  // Get number of loaded SavedModel in the backend:\n',
    place: 'before',
    text: `  void AddFunction(napi_env env, napi_value *args);
  void RemoveFunction(napi_env env, napi_value *args);

`,
  },
  {
    file: 'tfjs_binding.cc',
    anchor: 'static napi_value GetNumOfTensors(',
    place: 'before',
    text: entryPoint('AddFunction', 'addFunction', 5) + entryPoint('RemoveFunction', 'removeFunction', 1),
  },
  {
    file: 'tfjs_binding.cc',
    anchor: '      {"getNumOfTensors",',
    place: 'before',
    text: `      {"addFunction", nullptr, AddFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
      {"removeFunction", nullptr, RemoveFunction, nullptr, nullptr, nullptr, napi_default, nullptr},
`,
  },
];
