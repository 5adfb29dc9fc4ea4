using OpsAgent.OpsCtl.Completion;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Completion;

public sealed class BashLineTests
{
    [Theory]
    [InlineData("opsctl", "")]
    [InlineData("opsctl ", "")]
    [InlineData("opsctl pi", "pi")]
    [InlineData("opsctl  work\tlist  ", "work|list|")]
    [InlineData("opsctl send x key=a:b=c", "send|x|key=a:b=c")]
    [InlineData("opsctl 'a b' \"c d\" e\\ f", "a b|c d|e f")]
    [InlineData("opsctl 'a\\' \"b\\\"c\" \"d'e\"", "a\\|b\"c|d'e")]
    [InlineData("opsctl 'open qu", "open qu")]
    [InlineData("opsctl \"", "")]
    [InlineData("opsctl '' ", "|")]
    [InlineData("opsctl a'b c'd", "ab cd")]
    [InlineData("opsctl $(id) `id` $HOME", "$(id)|`id`|$HOME")]
    [InlineData("opsctl a\\", "a\\")]
    [InlineData("", "")]
    public void A_line_is_split_as_bash_does_and_nothing_is_expanded(string line, string words) =>
        Assert.Equal(words.Split('|'), BashLine.Parse(line).Words);
}
