/** A piece of Monaco: texts. */
import 'monaco-editor/editor/common/model/bracketPairsTextModelPart/bracketPairsTree/combineTextEditInfos'
import 'monaco-editor/editor/common/model/textModel'
