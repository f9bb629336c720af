using System.Buffers.Binary;
using System.Diagnostics;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>Thousands of damaged files: each gives its data or a <see cref="ForecastException"/>, and nothing else, quickly.</summary>
public sealed class WeightFuzzTests
{
    private const int Mutants = 1500;

    public static TheoryData<string> Files => [.. WeightFiles.Readable.Select(Path.GetFileName).OfType<string>()];

    [Theory]
    [MemberData(nameof(Files))]
    public void Mutated_bytes_give_data_or_an_error(string name)
    {
        var original = Bytes(name);
        var random = new Random(name.Length + original.Length);
        var hot = HotBytes(original);
        var (read, refused) = (0, 0);
        for (var i = 0; i < Mutants; i++)
        {
            var mutant = (byte[])original.Clone();
            for (var change = random.Next(1, 5); change > 0; change--)
            {
                // Half of the changes hit where the structure is, since most of a file is values that nothing depends on.
                var at = random.Next(2) == 0 ? hot[random.Next(hot.Length)] : random.Next(mutant.Length);
                Mutate(mutant, at, random);
            }

            Outcome(mutant, ref read, ref refused);
        }

        (read + refused).ShouldBe(Mutants);
        refused.ShouldBeGreaterThan(Mutants / 10);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Truncated_and_lengthened_files_are_refused(string name)
    {
        var original = Bytes(name);
        var random = new Random(original.Length);
        for (var i = 0; i < 300; i++)
        {
            var length = i < 64 ? i : random.Next(original.Length);
            Should.Throw<ForecastException>(() => WeightFile.Read("file", original.AsSpan(0, length)).Dispose(), $"{length} bytes");
        }

        Should.Throw<ForecastException>(() => WeightFile.Read("file", [.. original, 0]).Dispose());
    }

    [Fact]
    public void Random_pickles_end_in_an_error_quickly()
    {
        var random = new Random(7);
        var watch = Stopwatch.StartNew();
        var (read, refused) = (0, 0);
        for (var i = 0; i < 5000; i++)
        {
            var pickle = new PickleBytes();
            for (var n = random.Next(1, 60); n > 0; n--) RandomInstruction(pickle, random);
            Outcome(WeightFiles.Checkpoint(pickle.Op(".").ToArray()), ref read, ref refused);
        }

        (read + refused).ShouldBe(5000);
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    private static void RandomInstruction(PickleBytes pickle, Random random)
    {
        const string Letters = "(012GJKMNQRTUX]abehjqrstu}).";
        switch (random.Next(8))
        {
            case 0:
                pickle.Text(new string('k', random.Next(3)));
                break;
            case 1:
                pickle.Long(random.NextInt64(-2, 5));
                break;
            case 2:
                pickle.Tensor(4, random.Next(4), [random.Next(3)], [random.Next(3)]);
                break;
            case 3:
                pickle.Global("collections", "OrderedDict");
                break;
            case 4:
                pickle.Raw((byte)random.Next(0x80, 0x99), (byte)random.Next(4));
                break;
            default:
                pickle.Raw((byte)Letters[random.Next(Letters.Length)], (byte)random.Next(4));
                break;
        }
    }

    /// <summary>Reads every tensor and the metadata, so that nothing is left unlooked at.</summary>
    private static void Outcome(byte[] bytes, ref int read, ref int refused)
    {
        try
        {
            using var file = WeightFile.Read("file", bytes);
            file.Metadata.Count.ShouldBeGreaterThanOrEqualTo(0);
            foreach (var name in file.Names)
            {
                var tensor = file[name];
                tensor.ByteLength.ShouldBeInRange(0, 1L << 30);
                if (tensor.ByteLength > 1 << 22) continue;
                tensor.CopyTo(new byte[tensor.ByteLength]);
            }

            read++;
        }
        catch (ForecastException e)
        {
            e.Message.Length.ShouldBeInRange(10, 5000);
            refused++;
        }
    }

    private static void Mutate(byte[] bytes, int at, Random random)
    {
        switch (random.Next(5))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = (byte)(bytes[at] + (random.Next(2) * 2) - 1);
                break;
            case 3 when at + 8 <= bytes.Length:
                long[] edges = [0, -1, long.MaxValue, long.MinValue, uint.MaxValue, 1L << 32, int.MaxValue];
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(at), edges[random.Next(edges.Length)]);
                break;
            default:
                var from = random.Next(bytes.Length);
                var count = Math.Min(random.Next(1, 32), bytes.Length - Math.Max(at, from));
                bytes.AsSpan(from, count).ToArray().CopyTo(bytes, at);
                break;
        }
    }

    /// <summary>Positions of the header, or of the pickle, the records' heads and the directory.</summary>
    private static int[] HotBytes(byte[] bytes)
    {
        if (bytes[8] == '{') return [.. Enumerable.Range(0, Math.Min(bytes.Length, 8 + (int)BitConverter.ToUInt64(bytes)))];
        var directory = bytes.AsSpan().IndexOf("PK\u0001\u0002"u8);
        return [.. Enumerable.Range(0, 1500), .. Enumerable.Range(directory, bytes.Length - directory)];
    }

    private static byte[] Bytes(string name) => File.ReadAllBytes(WeightFiles.Readable.Single(f => Path.GetFileName(f) == name));
}
