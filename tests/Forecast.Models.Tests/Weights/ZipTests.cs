using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>The container of checkpoints: zip64, and archives that lie.</summary>
public sealed class ZipTests
{
    private static readonly byte[] Pickle = PickleBytes.Of(p => p.Op("}").Text("t").Tensor(4, 0, [2, 2], [2, 1]).Op("s"));
    private static readonly byte[] Values = [.. Enumerable.Range(0, 16).Select(i => (byte)i)];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Archives_with_and_without_zip64_are_read(bool zip64)
    {
        using var file = WeightFile.Read("file", ZipBytes.Make([new ZipPart("a/data.pkl", Pickle), new ZipPart("a/data/0", Values)], zip64));
        file["t"].Bytes.ToArray().ShouldBe(Values);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_record_that_claims_4_GiB_is_refused(bool zip64) =>
        Refused(zip64, new ZipPart("a/data/0", Values) { Length = 4294967290 }).ShouldContain("claims 4294967290 bytes");

    [Fact]
    public void A_record_of_2_to_the_63_is_refused()
    {
        Refused(zip64: true, new ZipPart("a/data/0", Values) { Length = long.MaxValue }).ShouldContain("claims 9223372036854775807 bytes");
        Refused(zip64: true, new ZipPart("a/data/0", Values) { Length = -1 }).ShouldContain("claims -1 bytes");
    }

    [Fact]
    public void A_record_elsewhere_is_refused()
    {
        Refused(zip64: false, new ZipPart("a/data/0", Values) { Offset = 100_000 }).ShouldContain("outside the file");
        Refused(zip64: true, new ZipPart("a/data/0", Values) { Offset = long.MinValue }).ShouldContain("outside the file");
        Refused(zip64: false, new ZipPart("a/data/0", Values) { Offset = 3 }).ShouldContain("not at byte 3");
        Refused(zip64: false, new ZipPart("a/data/0", Values) { Offset = 0 }).ShouldContain("contradict one another");
    }

    [Fact]
    public void Records_that_share_bytes_are_refused()
    {
        // The second record's header lies inside the first record's content.
        var inner = ZipBytes.Make([new ZipPart("a/data/1", Values)]);
        var first = new ZipPart("a/data/0", inner);
        var offset = 30 + "a/data.pkl".Length + Pickle.Length + 30 + "a/data/0".Length;
        var bytes = ZipBytes.Make([new ZipPart("a/data.pkl", Pickle), first, new ZipPart("a/data/1", Values) { Offset = offset }]);
        WeightFiles.Refusal(bytes).Message.ShouldContain("overlaps another");
    }

    [Fact]
    public void Compressed_encrypted_and_repeated_records_are_refused()
    {
        Refused(zip64: false, new ZipPart("a/data/0", Values) { Method = 8 }).ShouldContain("is compressed");
        Refused(zip64: false, new ZipPart("a/data/0", Values) { Flags = 1 }).ShouldContain("is encrypted");
        WeightFiles.Refusal(ZipBytes.Make([new ZipPart("a/data.pkl", Pickle), new ZipPart("a/data/0", Values), new ZipPart("a/data/0", Values)])).Message.ShouldContain("'a/data/0' twice");
    }

    [Fact]
    public void A_directory_that_lies_about_itself_is_refused()
    {
        ZipPart[] parts = [new("a/data.pkl", Pickle), new("a/data/0", Values)];
        WeightFiles.Refusal(ZipBytes.Make(parts, count: 60_000)).Message.ShouldContain("claims 60000 records");
        WeightFiles.Refusal(ZipBytes.Make(parts, zip64: true, count: -1)).Message.ShouldContain("claims -1 records");
        WeightFiles.Refusal(ZipBytes.Make(parts)[..^10]).Message.ShouldContain("no directory at its end: it is cut short");
        WeightFiles.Refusal(ZipBytes.Make([new ZipPart("readme", [])])).Message.ShouldContain("holds one 'data.pkl', this archive 0");
        WeightFiles.Refusal(ZipBytes.Make([new ZipPart("a/data.pkl", Pickle), new ZipPart("b/data.pkl", Pickle)])).Message.ShouldContain("this archive 2");
        WeightFiles.Refusal(ZipBytes.Make([new ZipPart("a/data.pkl", Pickle)])).Message.ShouldContain("no storage '0'");
    }

    [Fact]
    public void A_damaged_pickle_is_noticed_before_it_is_read() =>
        WeightFiles.Refusal(ZipBytes.Make([new ZipPart("a/data.pkl", Pickle) { Checksum = 1 }, new ZipPart("a/data/0", Values)])).Message.ShouldContain("'a/data.pkl' is damaged");

    private static string Refused(bool zip64, ZipPart storage)
    {
        ForecastException error = WeightFiles.Refusal(ZipBytes.Make([new ZipPart("a/data.pkl", Pickle), storage, new ZipPart("a/last", [1, 2, 3])], zip64));
        return error.Message;
    }
}
