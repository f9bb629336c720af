using Forecast.Core.Forecasting;

namespace Forecast.Core.Tests.Forecasting;

public class ModelArchiveTests
{
    public static TheoryData<double> Awkward =>
    [
        0.1, 1.0 / 3, -0.0, double.Epsilon, -double.Epsilon, 2.2250738585072009e-308, double.MinValue, double.MaxValue,
        double.PositiveInfinity, double.NegativeInfinity, double.NaN, Math.PI, 1e23, 9007199254740993, 5e-324 * 12345,
    ];

    [Theory]
    [MemberData(nameof(Awkward))]
    public void A_double_survives_bit_for_bit(double value)
    {
        var archive = new ModelArchive();
        archive.WriteObject("p.json", new Parameters([value], new Dictionary<string, double> { ["a"] = value }));
        var back = Reopen(archive).ReadObject<Parameters>("p.json");
        BitConverter.DoubleToInt64Bits(back.Values[0]).ShouldBe(BitConverter.DoubleToInt64Bits(value));
        BitConverter.DoubleToInt64Bits(back.ByName["a"]).ShouldBe(BitConverter.DoubleToInt64Bits(value));
    }

    [Fact]
    public void Random_bit_patterns_survive()
    {
        var random = new Random(1);
        var values = Enumerable.Range(0, 10_000).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue))).Where(v => !double.IsNaN(v)).ToArray();
        var archive = new ModelArchive();
        archive.WriteObject("p.json", values);
        Reopen(archive).ReadObject<double[]>("p.json").Select(BitConverter.DoubleToInt64Bits).ShouldBe(values.Select(BitConverter.DoubleToInt64Bits));
    }

    [Fact]
    public void Raw_entries_survive_and_equal_content_gives_equal_bytes()
    {
        byte[] Saved(params string[] order)
        {
            var archive = new ModelArchive();
            foreach (var name in order) archive.Write(name, [1, 2, (byte)name.Length]);
            using var stream = new MemoryStream();
            archive.Save(stream);
            return stream.ToArray();
        }

        Saved("b", "aa").ShouldBe(Saved("aa", "b"));
        using var reopened = new MemoryStream(Saved("b", "aa"));
        var back = ModelArchive.Open(reopened);
        back.Entries.ShouldBe(["aa", "b"]);
        back.Read("aa").ToArray().ShouldBe([1, 2, 2]);
    }

    [Fact]
    public void What_is_no_archive_or_not_in_it_is_told()
    {
        Should.Throw<ForecastException>(() => new ModelArchive().Read("x").ToArray()).Code.ShouldBe("archive-entry-missing");
        Should.Throw<ForecastException>(() => new ModelArchive().ReadObject<double[]>("x")).Code.ShouldBe("archive-entry-missing");
        var archive = new ModelArchive();
        archive.Write("p.json", "{"u8);
        archive.Write("null.json", "null"u8);
        Should.Throw<ForecastException>(() => archive.ReadObject<double[]>("p.json")).Code.ShouldBe("archive-entry-invalid");
        Should.Throw<ForecastException>(() => archive.ReadObject<double[]>("null.json")).Code.ShouldBe("archive-entry-invalid");
    }

    [Fact]
    public void The_checksum_is_the_one_of_zip_files() => Crc32.Of("123456789"u8).ShouldBe(0xCBF43926);

    [Fact]
    public void A_file_cut_short_anywhere_or_flipped_in_its_data_is_refused()
    {
        var archive = new ModelArchive();
        archive.WriteObject("p.json", Enumerable.Range(0, 500).Select(i => Math.Sin(i)).ToArray());
        using var stream = new MemoryStream();
        archive.Save(stream);
        var bytes = stream.ToArray();
        for (var length = 0; length < bytes.Length; length += 101) Refused(bytes[..length]);
        for (var at = 60; at < 3000; at += 97)
        {
            var damaged = (byte[])bytes.Clone();
            damaged[at] ^= 0x55;
            Refused(damaged);
        }

        static void Refused(byte[] content)
        {
            using var damaged = new MemoryStream(content);
            Should.Throw<ForecastException>(() => ModelArchive.Open(damaged)).Code.ShouldBe("archive-invalid");
        }
    }

    private static ModelArchive Reopen(ModelArchive archive)
    {
        using var stream = new MemoryStream();
        archive.Save(stream);
        stream.Position = 0;
        return ModelArchive.Open(stream);
    }

    private sealed record Parameters(double[] Values, Dictionary<string, double> ByName);
}
