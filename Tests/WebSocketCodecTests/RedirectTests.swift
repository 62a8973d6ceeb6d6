import Testing
import WebSocketCodec

/// Where a `Location` leads, and to whom secrets are said again.
struct RedirectTests {
    static let rows = TableRow.all(in: "redirects.txt", columns: 4)

    @Test(arguments: rows)
    func leadsWhereTheTableSays(_ row: TableRow) throws {
        let from = try WebSocketURL(row.columns[1])
        let verdict: String
        do throws(WebSocketURLError) {
            let to = try from.redirected(to: row.columns[2])
            let userInfo = to.userInfo.map { $0 + "@" } ?? ""
            let text = to.withoutUserInfo.replacing("//", with: "//" + userInfo, maxReplacements: 1)
            verdict = "\(text) \(to.hasSameOrigin(as: from) ? "same" : "other")"
        } catch {
            verdict = "- \(error.reason)"
        }
        #expect(verdict == row.columns[3])
    }

    @Test func tableHasNoRowTwice() {
        #expect(Self.rows.count > 70)
        TableRow.expectNoTwins(Self.rows, file: "redirects.txt")
    }

    /// A name and password go on to the same place, unless the answer has others.
    @Test func userInfoGoesOn() throws {
        let first = try WebSocketURL("ws://u:p@a/")
        #expect(try first.redirected(to: "http://a/x").withUserInfo(of: first).userInfo == "u:p")
        #expect(try first.redirected(to: "http://v@a/x").withUserInfo(of: first).userInfo == "v")
    }
}
