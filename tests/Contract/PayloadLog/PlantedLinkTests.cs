using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Archives;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>Others write in the folder of the downloads: what they put at a download's name while it is made is not theirs to choose.</summary>
[Collection(nameof(Site))]
public sealed class PlantedLinkTests(Site site)
{
    private const string InPlaceOfTheFile = "rm downloads/$name";
    private const string InPlaceOfTheFolder = "mv downloads moved; mkdir downloads";

    [Theory]
    [InlineData(InPlaceOfTheFile)]
    [InlineData(InPlaceOfTheFolder)]
    public async Task A_link_planted_between_two_doors_is_not_written_through_by_https(string swap)
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Facility.Storage.Put(fetch.Lfn, tarball);

        await AssertNotWrittenThroughAsync(fetch, swap, tarball.Length, $"{site.Facility.Url}/door/{fetch.Lfn}");
    }

    [XrootdFact]
    public Task A_link_planted_between_two_doors_is_not_written_through_by_xrdcp() => PlantedBeforeXrdcpAsync(InPlaceOfTheFile);

    [XrootdFact]
    public Task A_folder_swapped_between_two_doors_does_not_turn_xrdcp_elsewhere() => PlantedBeforeXrdcpAsync(InPlaceOfTheFolder);

    private async Task PlantedBeforeXrdcpAsync(string swap)
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Plain.Put(fetch.Lfn, tarball);

        await AssertNotWrittenThroughAsync(fetch, swap, tarball.Length, site.Plain.Url(fetch.Lfn));
    }

    private static async Task AssertNotWrittenThroughAsync(Fetch fetch, string swap, long bytes, string goodDoor)
    {
        var target = Path.Combine(fetch.Scratch, "target");
        await File.WriteAllTextAsync(target, "precious");
        fetch.Environment["XRDCP"] = Path.Combine(fetch.Scratch, "xrdcp");
        await File.WriteAllTextAsync(fetch.Environment["XRDCP"], $"""
            #!/bin/sh
            PATH=/usr/bin:/bin
            cd "$SWF_TMP_DIR"
            [ -e planted ] && exec /usr/bin/xrdcp "$@"
            touch planted
            name=$(ls downloads)
            {swap}
            ln -s "$SWF_TMP_DIR/target" "downloads/$name"
            exit 1
            """);
        UnixMode.Set(fetch.Environment["XRDCP"], "0755");
        fetch.Known(
            bytes, new StandInReplica("root://localhost:1//store/x", "a", Priority: 1), new StandInReplica(goodDoor, "b", Priority: 2));

        var run = await fetch.RunAsync();

        FetchingTests.AssertCached(fetch, run);
        Assert.Equal("precious", await File.ReadAllTextAsync(target));
        var planted = Assert.Single(Directory.GetFileSystemEntries(Path.Combine(fetch.Scratch, "downloads")));
        Assert.Equal(target, new FileInfo(planted).LinkTarget); // not the doer's, so not its to remove
        var moved = Path.Combine(fetch.Scratch, "moved");
        Assert.Empty(Directory.Exists(moved) ? Directory.GetFileSystemEntries(moved) : []);
    }
}
