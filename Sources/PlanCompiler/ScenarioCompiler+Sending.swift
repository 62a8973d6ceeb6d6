import Diagnostics
import EventProgram
import Expressions
import PlanModel
import Quantities

/// Messages and control frames. What does not vary of them is rendered here, once for all sessions.
extension ScenarioCompiler {
    mutating func compile(_ send: Send, _ span: SourceSpan, _ scope: Scope) {
        let fragments = send.fragments.flatMap { source(of: $0, scope) }.map { code.add($0) } ?? Instruction.noOperand
        switch send.payload {
        case .template(let parsed):
            guard let template = template(parsed, scope) else { return }
            code.emit(parsed.single == nil ? .sendText : .sendTyped, a: code.add(template), b: fragments, at: span)
        case .text(let parsed):
            guard let template = template(parsed, scope) else { return }
            var text = TemplateBuilder(source: template.source)
            text.append(template, as: .validText)
            code.emit(.sendText, a: code.add(text.build()), b: fragments, at: span)
        case .json(let value):
            guard let template = jsonTemplate(value, scope) else { return }
            code.emit(.sendText, a: code.add(template), b: fragments, at: span)
        case .encoded(let encoding, let parsed):
            guard let template = template(parsed, scope) else { return }
            compile(template, in: encoding, isLiteral: parsed.literal != nil, fragments: fragments, span)
        case .file(let path, let kind):
            guard let path, let template = template(ofFile: path) else {
                lacksParts = true
                return
            }
            code.emit(kind == .text ? .sendText : .sendBinary, a: template, b: fragments, at: span)
        case .random(let operand, let kind):
            guard let size = size(operand, scope) else { return }
            let payload = Pools.RandomPayload(size: size, isBinary: kind == .binary)
            code.emit(.sendRandom, a: code.add(payload), b: fragments, at: span)
        }
    }

    /// One template for each file, whatever sends it; nil for one that nobody could read, which is reported where it was tried.
    private mutating func template(ofFile path: Located<String>) -> UInt32? {
        if let known = fileTemplates[path.value] { return known }
        guard let bytes = plan.files[path.value] else { return nil }
        let index = code.add(Template(constant: bytes, source: LocatedText("file: \(path.value)", at: path.span)))
        fileTemplates[path.value] = index
        return index
    }

    /// What is wrong with a literal was reported when it was read.
    private mutating func compile(
        _ template: Template, in encoding: BinaryEncoding, isLiteral: Bool, fragments: UInt32, _ span: SourceSpan
    ) {
        guard template.staticType != .bytes else {
            diagnostics.append(
                Diagnostic(
                    .typeMismatch, .bytesInEncoding(encoding), at: template.source.span,
                    help: "send them as they are: - send: \(template.source.text)"))
            return
        }
        guard let text = template.constant else {
            return code.emit(encoding == .hex ? .sendHex : .sendBase64, a: code.add(template), b: fragments, at: span)
        }
        do throws(BinaryEncoding.Problem) {
            let payload = Template(constant: try encoding.decode(text), source: template.source)
            code.emit(.sendBinary, a: code.add(payload), b: fragments, at: span)
        } catch {
            guard !isLiteral else { return }
            diagnostics.append(.malformedPayload(error, in: LocatedText("", at: template.source.span)))
        }
    }

    mutating func compileControl(
        _ opcode: Opcode, _ payload: ParsedTemplate?, _ span: SourceSpan, _ scope: Scope
    ) {
        guard let payload else { return code.emit(opcode, at: span) }
        guard let template = template(payload, scope) else { return }
        code.emit(opcode, a: code.add(template), at: span)
    }

    mutating func compile(_ close: Close, _ span: SourceSpan, _ scope: Scope) {
        let status = close.code.flatMap { source(of: $0, scope) }.map { code.add($0) }
        let reason = close.reason.flatMap { template($0, scope) }.map { code.add($0) }
        code.emit(.close, a: status ?? Instruction.noOperand, b: reason ?? Instruction.noOperand, at: span)
    }
}

extension Diagnostic.Message {
    fileprivate static func bytesInEncoding(_ encoding: BinaryEncoding) -> Self {
        Self("'\(encoding.rawValue)' takes text, these are bytes already")
    }
}
