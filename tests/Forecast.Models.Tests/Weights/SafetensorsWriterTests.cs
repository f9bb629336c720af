using System.Runtime.InteropServices;
using System.Text;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;
using Forecast.Models.Weights.Safetensors;

namespace Forecast.Models.Tests.Weights;

/// <summary>The writer lays files out as the reference library does.</summary>
public sealed class SafetensorsWriterTests
{
    public static TheoryData<string> Written => [.. GoldenFiles.All("*.safetensors")];

    [Theory]
    [MemberData(nameof(Written))]
    public void A_file_that_is_written_again_says_the_same(string path)
    {
        using var file = WeightFile.Open(path);
        var first = Rewritten(file);
        using var again = WeightFile.Read("again", first);
        again.Names.ShouldBe(file.Names, ignoreOrder: true);
        again.Metadata.ShouldBe(file.Metadata);
        foreach (var name in file.Names)
        {
            again[name].ToString().ShouldBe(file[name].ToString());
            again[name].Bytes.SequenceEqual(file[name].Bytes).ShouldBeTrue(name);
        }

        Rewritten(again).AsSpan().SequenceEqual(first).ShouldBeTrue("the order does not depend on that of the input");
    }

    [Fact]
    public void A_file_of_the_reference_library_comes_back_byte_for_byte()
    {
        Assert.SkipWhen(GoldenFiles.Folder is null, "FORECAST_GOLDEN_DIR is not set");
        var path = Path.Combine(GoldenFiles.Folder, "..", "pretrained", "ttm-512-96-r2-recovered", "model.safetensors");
        Assert.SkipUnless(File.Exists(path), "the pre-trained weights are not beside the golden files");
        using var file = WeightFile.Open(path);
        Rewritten(file).AsSpan().SequenceEqual(File.ReadAllBytes(path)).ShouldBeTrue();
    }

    /// <summary>The bytes that the reference library's own tests expect of it.</summary>
    [Theory]
    [InlineData("attn.0", new[] { 1L, 2, 3 }, 64, """{"attn.0":{"dtype":"F32","shape":[1,2,3],"data_offsets":[0,24]}}""")]
    [InlineData("attn0", new[] { 1L, 1, 2, 3 }, 72, """{"attn0":{"dtype":"F32","shape":[1,1,2,3],"data_offsets":[0,24]}}       """)]
    public void A_small_file_is_as_the_reference_library_writes_it(string name, long[] shape, ulong length, string header)
    {
        float[] values = [0, 1, 2, 3, 4, 5];
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, [WeightSource.Of<float>(name, WeightType.F32, shape, values)]);
        stream.ToArray().ShouldBe([.. BitConverter.GetBytes(length), .. Encoding.UTF8.GetBytes(header), .. MemoryMarshal.AsBytes(values.AsSpan())]);
    }

    [Fact]
    public void Wide_types_come_first_and_names_follow_in_byte_order()
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream,
        [
            WeightSource.Of<float>("b", WeightType.F32, [1], new float[1]), WeightSource.Of<ushort>("\U0001F600", WeightType.BF16, [2], new ushort[2]),
            WeightSource.Of<ushort>("\uFB01", WeightType.BF16, [1], new ushort[1]), WeightSource.Of<long>("i", WeightType.I64, [], new long[1]),
            WeightSource.Of<double>("d", WeightType.F64, [1], new double[1]), WeightSource.Of<byte>("flag", WeightType.Bool, [1], new byte[1]),
            WeightSource.Of<float>("a\n\"", WeightType.F32, [0], Array.Empty<float>()),
        ], [new("k", "tab\tbell\u0007ä")]);
        var bytes = stream.ToArray();
        var length = (int)BitConverter.ToUInt64(bytes);
        (length % 8).ShouldBe(0);
        var wanted = @"{'__metadata__':{'k':'tab\tbell\u0007ä'},'i':{'dtype':'I64','shape':[],'data_offsets':[0,8]},'d':{'dtype':'F64','shape':[1],'data_offsets':[8,16]},"
            + @"'a\n\^':{'dtype':'F32','shape':[0],'data_offsets':[16,16]},'b':{'dtype':'F32','shape':[1],'data_offsets':[16,20]},"
            + "'\uFB01':{'dtype':'BF16','shape':[1],'data_offsets':[20,22]},'\U0001F600':{'dtype':'BF16','shape':[2],'data_offsets':[22,26]},"
            + "'flag':{'dtype':'BOOL','shape':[1],'data_offsets':[26,27]}}";
        Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' ').ShouldBe(wanted.Replace('\'', '"').Replace('^', '"'));
        bytes.Length.ShouldBe(8 + length + 27);
    }

    [Fact]
    public void A_checkpoint_becomes_a_safetensors_file_with_the_same_values()
    {
        using var checkpoint = WeightFile.Open(WeightFiles.At("types_protocol_2.pt"));
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        try
        {
            SafetensorsWriter.Save(path, checkpoint.Names.Select(n => WeightSource.Of(checkpoint[n])));
            using var copy = WeightFile.Open(path);
            copy.Names.ShouldBe(checkpoint.Names, ignoreOrder: true);
            foreach (var name in copy.Names)
            {
                copy[name].Shape.ShouldBe(checkpoint[name].Shape);
                Dense(copy[name]).ShouldBe(Dense(checkpoint[name]));
            }

            Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + "*").ShouldHaveSingleItem();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void What_cannot_be_written_is_told_and_leaves_the_old_file()
    {
        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.safetensors");
        File.WriteAllText(path, "old");
        try
        {
            WeightSource Two(string name, int values) => WeightSource.Of<float>(name, WeightType.F32, [2], new float[values]);
            Should.Throw<ForecastException>(() => SafetensorsWriter.Save(path, [Two("a", 3)])).Message.ShouldBe("tensor 'a' wrote 12 bytes; its shape and type need 8");
            Should.Throw<ForecastException>(() => SafetensorsWriter.Save(path, [Two("a", 2), Two("a", 2)])).Code.ShouldBe("weight-name");
            Should.Throw<ForecastException>(() => SafetensorsWriter.Save(path, [Two("__metadata__", 2)])).Code.ShouldBe("weight-name");
            Should.Throw<ForecastException>(() => SafetensorsWriter.Save(path, [new WeightSource("a", WeightType.F32, [-1], _ => { })])).Code.ShouldBe("weight-shape");
            File.ReadAllText(path).ShouldBe("old");
            Directory.GetFiles(Path.GetTempPath(), Path.GetFileName(path) + "*").ShouldHaveSingleItem();
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static byte[] Rewritten(IWeightFile file)
    {
        using var stream = new MemoryStream();
        SafetensorsWriter.Write(stream, file.Names.Reverse().Select(n => WeightSource.Of(file[n])), file.Metadata.Count > 0 ? file.Metadata : null);
        return stream.ToArray();
    }

    private static byte[] Dense(WeightTensor tensor)
    {
        var bytes = new byte[tensor.ByteLength];
        tensor.CopyTo(bytes);
        return bytes;
    }
}
