using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Agent.Redaction;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Redaction;

/// <summary>Whatever line it is: what is made of it is not much longer.</summary>
public sealed class RedactionPropertyTests
{
    private static readonly string[] Pieces =
    [
        "hunter22", "known/value+0123456789", "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln", "Authorization", "Bearer ", "password", "token", "secret", "https://",
        "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----", "abc", "0123456789abcdefgh", " ", "=", ":", "@", "true", "12", "a",
    ];

    private static readonly Redactor Redactor = new(new KnownSecrets(["hunter22", "known/value+0123456789"]));

    [Fact]
    public void What_is_shown_is_at_most_three_times_as_long() => Prop.ForAll(
        Gen.Elements([.. Pieces, "\"", "'", "\\", "{", "}", "[", "]", ","]).ListOf().Select(static p => string.Concat(p)).ToArbitrary(),
        static line => Redactor.Text(line).Length <= 3 * line.Length).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));
}
