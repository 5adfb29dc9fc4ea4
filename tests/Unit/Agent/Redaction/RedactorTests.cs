using System.Text;
using OpsAgent.Agent.Redaction;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

public sealed class RedactorTests
{
    private const string Jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJwcm9kIn0.c2lnbmF0dXJl";

    [Theory]
    [InlineData("token " + Jwt + " sent", "token [redacted] sent")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJqdGkiOiI3In0.", "[redacted]")]
    [InlineData("Authorization: Token abc and the rest", "Authorization: [redacted]")]
    [InlineData("> authorization: Basic b3BzOnB3", "> authorization: [redacted]")]
    [InlineData("{'Authorization': 'Token abc', 'Accept': '*/*'}", "{'Authorization': '[redacted]', 'Accept': '*/*'}")]
    [InlineData("""{"Authorization": "Token a\"b", "n": 1}""", """{"Authorization": "[redacted]", "n": 1}""")]
    [InlineData("""said \"Authorization\": \"Token abc\", and""", """said \"Authorization\": \"[redacted]\", and""")]
    [InlineData("""{"password": "ab\",SECRETREST", "n": 1}""", """{"password": "[redacted]", "n": 1}""")]
    [InlineData("""said {\"password\": \"ab\\\",SECRETREST\", \"n\": 1}""", """said {\"password\": \"[redacted]\", \"n\": 1}""")]
    [InlineData("{'password': b'abc', 'n': 1}", "{'password': b'[redacted]', 'n': 1}")]
    [InlineData("password=ab;cd,ef x", "password=[redacted] x")]
    [InlineData("password=a&b<c>(d){e}|f\\g x", "password=[redacted] x")]
    [InlineData("?password=a&b=c", "?password=[redacted]&b=c")]
    [InlineData("{password:abc,\"n\":1}", "{password:[redacted]\"n\":1}")]
    [InlineData("{\"password\":123456,\"n\":1}", "{\"password\":[redacted],\"n\":1}")]
    [InlineData("""{"said": "password=a;b\nnext", "n": 1}""", """{"said": "password=[redacted]\nnext", "n": 1}""")]
    [InlineData("""{"said": "password=a\\nb next", "n": 1}""", """{"said": "password=[redacted] next", "n": 1}""")]
    [InlineData("https://ops:pa/ss?w#rd@host/path", "https://[redacted]@host/path")]
    [InlineData("X-Rucio-Auth-Token: root-prod-x-1", "X-Rucio-Auth-Token: [redacted]")]
    [InlineData("curl -H 'Bearer abc-1'", "curl -H 'Bearer [redacted]'")]
    [InlineData("?a=Bearer%20abc1&b=2", "?a=Bearer%20[redacted]&b=2")]
    [InlineData("passcode:hunter2", "passcode:[redacted]")]
    [InlineData("login=ops password = 'hun ter2' host=x", "login=ops password = '[redacted]' host=x")]
    [InlineData("""{"password": "hunter2", "user": "ops"}""", """{"password": "[redacted]", "user": "ops"}""")]
    [InlineData("ACTIVEMQ_PASSWORD=hunter2 USER=x", "ACTIVEMQ_PASSWORD=[redacted] USER=x")]
    [InlineData("SWFMON_TOKEN=abc", "SWFMON_TOKEN=[redacted]")]
    [InlineData("""{"refresh_token": "abc"}""", """{"refresh_token": "[redacted]"}""")]
    [InlineData("GET https://se.bnl.gov/f?authz=abc&x=1", "GET https://se.bnl.gov/f?authz=[redacted]&x=1")]
    [InlineData("https://h/?access_token=abc#d", "https://h/?access_token=[redacted]")]
    [InlineData("https://user:pw@host:8443/path", "https://[redacted]@host:8443/path")]
    [InlineData("GET /cb%3Fpassword%3Dhunter2&x=1", "GET /cb%3Fpassword%3D[redacted]&x=1")]
    [InlineData("token: 0123456789abcdef0123", "token: [redacted]")]
    [InlineData("""{"operation":"pause","said":"401 Authorization: no token","verified":true}""", """{"operation":"pause","said":"401 Authorization: [redacted]","verified":true}""")]
    [InlineData("""{"said": "curl -H \"Cookie: a=b; c=d\" failed", "ok": true}""", """{"said": "curl -H \"Cookie: [redacted]", "ok": true}""")]
    [InlineData("""{"said":"password='hun ter2","x":"it's"}""", """{"said":"password='[redacted]","x":"it's"}""")]
    [InlineData("""{"said": "{\"token\": \"abc\", \"n\": 1}", "ok": true}""", """{"said": "{\"token\": \"[redacted]\", \"n\": 1}", "ok": true}""")]
    [InlineData("""a 5" disk, Authorization: Digest username="a", response="b" """, """a 5" disk, Authorization: [redacted]""")]
    [InlineData("""said="hello, " password="hun ter2" """, """said="hello, " password="[redacted]" """)]
    [InlineData("""{"password": 123456}""", """{"password": [redacted]}""")]
    [InlineData("-----BEGIN RSA PRIVATE KEY-----\\nMIIE\\n-----END RSA PRIVATE KEY-----, see", "[redacted], see")]
    public void What_has_a_credentials_shape_is_taken_out(string text, string shown) => Assert.Equal(shown, Redactor.OfShapes.Text(text));

    [Theory]
    [InlineData("35001")]
    [InlineData("the token: expired")]
    [InlineData("a bearer token is needed")]
    [InlineData("WWW-Authenticate: Bearer realm=\"pcs\"")]
    [InlineData("no password given")]
    [InlineData("secretary = nobody")]
    [InlineData("root://dtn.bnl.gov:1094//eic/log.34.tgz")]
    [InlineData("see https://host/a@b and user@host")]
    [InlineData("group.EIC:log.12.34.tgz")]
    [InlineData("-----BEGIN CERTIFICATE-----")]
    [InlineData("password: [redacted]")]
    [InlineData("eyJust a word")]
    [InlineData("{\"password\": \"\"}")]
    [InlineData("{\"has_token\": true, \"access_token\": null, \"Authorization\": null, \"max_token\": 12}")]
    [InlineData("{'secret': None, 'password': False}")]
    [InlineData("{\"said\": \"no password:\", \"ok\": true}")]
    [InlineData("{\"said\": \"password: \", \"ok\": true}")]
    public void What_is_none_stays_as_it_is(string text) => Assert.Same(text, Same(text, Redactor.OfShapes.Text(text)));

    [Theory]
    [InlineData("hunter2-Ä\"%/x")]
    [InlineData("plain-old-passcode")]
    public void A_known_value_is_found_in_each_form(string secret)
    {
        var redactor = new Redactor(new KnownSecrets([secret]));
        var bytes = Encoding.UTF8.GetBytes(secret);
        string[] forms =
        [
            secret, Encoding.Latin1.GetString(bytes), Uri.EscapeDataString(secret), System.Text.Json.JsonEncodedText.Encode(secret).ToString(),
        ];

        Assert.All(forms, form => Assert.Equal("a [redacted] b", redactor.Text($"a {form} b")));
        for (var before = 0; before < 5; before++)
        {
            var shown = redactor.Text(Convert.ToBase64String([.. new byte[before], .. bytes, 1, 2]));
            Assert.Contains("[redacted]", shown, StringComparison.Ordinal);
            Assert.True(shown.Length <= "[redacted]".Length + 16, shown);
        }
    }

    [Fact]
    public void A_known_value_is_found_in_the_base64_of_URLs()
    {
        const string secret = "???>>>???>>>???>>>"; // '/' and '+' in base64, '_' and '-' in that of URLs
        var bytes = Encoding.UTF8.GetBytes(secret);
        for (var before = 0; before < 3; before++)
        {
            var shown = new Redactor(new KnownSecrets([secret])).Text(System.Buffers.Text.Base64Url.EncodeToString([.. new byte[before], .. bytes, 1, 2]));
            Assert.Contains("[redacted]", shown, StringComparison.Ordinal);
            Assert.True(shown.Length <= "[redacted]".Length + 16, shown);
        }
    }

    [Fact]
    public void A_value_too_short_to_be_told_from_a_word_is_not_looked_for() =>
        Assert.Equal("admin", new Redactor(new KnownSecrets(["admin", "", "  "])).Text("admin"));

    [Theory]
    [InlineData("epicprod", "[redacted]")]
    [InlineData("a wrong epicprod.", "a wrong [redacted].")]
    [InlineData("user:epicprod@host", "user:[redacted]@host")]
    [InlineData("""{"said": "wrong\nepicprod\n"}""", """{"said": "wrong\n[redacted]\n"}""")]
    [InlineData("a%20epicprod%20b", "a%20[redacted]%20b")]
    [InlineData("""a\u0022epicprod\u0022""", """a\u0022[redacted]\u0022""")]
    [InlineData("group.epicprod", "group.epicprod")]
    [InlineData("epicprod.35001.log", "epicprod.35001.log")]
    [InlineData("my_epicprod-1 epicprods", "my_epicprod-1 epicprods")]
    [InlineData("xepicprod epicprod", "xepicprod [redacted]")]
    public void A_short_value_is_taken_out_only_where_it_stands_alone(string text, string shown) =>
        Assert.Equal(shown, new Redactor(new KnownSecrets(["epicprod"])).Text(text));

    [Fact]
    public void A_key_over_many_lines_goes_with_all_its_lines_and_what_stands_between_them_stays()
    {
        var shown = Redactor.OfShapes.Text(
            """
            INFO the key is -----BEGIN PRIVATE KEY-----
            MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7
            2026-01-01 INFO another thread says hello
              kg==
            INFO ZmlmdGVlbmZpZnRlZW5maWZ0ZWVuZmlmdGVlbg== with a prefix
            -----END PRIVATE KEY----- done
            done
            """);

        Assert.Equal(
            """
            INFO the key is [redacted]
            [redacted]
            2026-01-01 INFO another thread says hello
            [redacted]
            INFO [redacted] with a prefix
            [redacted] done
            done
            """,
            shown);
    }

    [Fact]
    public void A_key_that_never_ends_does_not_take_the_rest_of_the_output()
    {
        var shown = Redactor.OfShapes.Text("-----BEGIN EC PRIVATE KEY-----\n" + string.Concat(Enumerable.Repeat("QUJD\n", 300)));

        Assert.EndsWith("QUJD\n", shown, StringComparison.Ordinal);
        Assert.Equal(257, shown.Split("[redacted]").Length - 1);
    }

    private static string Same(string text, string shown) => shown == text ? text : shown;
}
