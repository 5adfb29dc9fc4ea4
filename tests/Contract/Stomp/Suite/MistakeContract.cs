using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Wrong frames: each broker answers each as it is listed, and is there for others afterwards.</summary>
public abstract class MistakeContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteTheory]
    [MemberData(nameof(Mistakes.All), MemberType = typeof(Mistakes))]
    public async Task A_wrong_frame_is_answered_as_listed(Mistake mistake)
    {
        await using var bystander = await ConnectRawAsync();
        await using var raw = await ConnectRawAsync();

        await raw.SendRawAsync(Mistakes.Frames(mistake, NewQueue()));

        var error = await AnswersAsync(raw, Traits.Mistakes[mistake]);
        Assert.True(error is null || error["message"] is { Length: > 0 }, $"{error}");
        Assert.True(error?["receipt-id"] is null or Mistakes.Receipt, $"{error}");
        await AnswersAsync(bystander, Answer.None);
    }

    [SuiteFact]
    public async Task An_ERROR_names_the_receipt_asked_for_where_listed()
    {
        await using var raw = await ConnectRawAsync();

        await raw.SendRawAsync(Mistakes.Frames(Mistake.SendWithoutDestination, ""));

        Assert.Equal(Traits.ErrorNamesReceipt ? Mistakes.Receipt : null, (await raw.ExpectAsync("ERROR"))["receipt-id"]);
    }
}
