using System.Runtime.InteropServices;
using System.Text;
using Forecast.Core;
using Forecast.Models.Tests.Weights.Support;
using Forecast.Models.Weights;

namespace Forecast.Models.Tests.Weights;

/// <summary>The safetensors reader: what it gives, and that each broken rule of the format is told by name.</summary>
public sealed class SafetensorsTests
{
    [Fact]
    public void Types_shapes_metadata_and_values_are_given()
    {
        float[] values = [1, 2, 3, 4, 5, 6];
        using var file = WeightFile.Read("file", WeightFiles.Safetensors(
            Encoding.UTF8.GetBytes("""{"__metadata__":{"format":"pt","größe":"\u00e4"},"b":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"s":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}   """),
            [.. MemoryMarshal.AsBytes(values.AsSpan()), 7, 0, 0, 0, 0, 0, 0, 0]));
        file.Format.ShouldBe(WeightFormat.Safetensors);
        file.Names.ShouldBe(["b", "s"]);
        file.Metadata["größe"].ShouldBe("ä");
        file["b"].Shape.ShouldBe([3L, 2]);
        file["b"].Strides.ShouldBe([2L, 1]);
        file["b"].ToArray<float>().ShouldBe(values);
        file["s"].Shape.ShouldBeEmpty();
        file["s"].ToArray<long>().ShouldBe([7L]);
        Should.Throw<ForecastException>(() => file["b"].ToArray<double>()).Code.ShouldBe("weight-type");
        Should.Throw<ForecastException>(() => file["c"]).Message.ShouldBe("file has no tensor 'c'");
    }

    [Theory]
    [InlineData("BOOL", 1)]
    [InlineData("U8", 1)]
    [InlineData("I8", 1)]
    [InlineData("F8_E5M2", 1)]
    [InlineData("F8_E4M3", 1)]
    [InlineData("I16", 2)]
    [InlineData("U16", 2)]
    [InlineData("F16", 2)]
    [InlineData("BF16", 2)]
    [InlineData("I32", 4)]
    [InlineData("U32", 4)]
    [InlineData("F32", 4)]
    [InlineData("F64", 8)]
    [InlineData("C64", 8)]
    [InlineData("I64", 8)]
    [InlineData("U64", 8)]
    public void Every_type_has_its_size(string type, int size)
    {
        using var file = WeightFile.Read("file", WeightFiles.Safetensors($$$"""{"a":{"dtype":"{{{type}}}","shape":[3],"data_offsets":[0,{{{3 * size}}}]}}""", 3 * size));
        file["a"].Type.Name().ShouldBe(type);
        file["a"].Bytes.Length.ShouldBe(3 * size);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "has 'a' twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"shape":[2],"data_offsets":[0,8]}}""", 8, "'shape' twice")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "'k' twice")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "strings only")]
    [InlineData("""{"__metadata__":[]}""", 0, "'__metadata__' is not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "gap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "cut short")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes follow the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "before it begins")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "needs 12 bytes, but has 8")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "more elements than can be counted")]
    [InlineData("""{"a":{"dtype":"F64","shape":[1152921504606846975],"data_offsets":[0,8]}}""", 8, "more elements than can be counted")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.0],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[18446744073709551615],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":"2","data_offsets":[0,8]}}""", 8, "'shape' of 'a' is not a list")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "two 'data_offsets'")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4,8]}}""", 8, "more than 2 numbers")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,8]}}""", 8, "must have")]
    [InlineData("""{"a":{"dtype":"F31","shape":[2],"data_offsets":[0,8]}}""", 8, "type 'F31'")]
    [InlineData("""{"a":{"dtype":"F4","shape":[2],"data_offsets":[0,1]}}""", 1, "type 'F4'")]
    [InlineData("""{"a":1}""", 0, "'a' is not an object")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}""", 8, "not valid JSON")]
    [InlineData("""{"a\ud800":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "not valid Unicode")]
    [InlineData("""{} {}""", 0, "")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":[[[[[[[[[[1]]]]]]]]]]}}""", 8, "not valid JSON")]
    public void A_broken_rule_is_told(string header, int data, string reason)
    {
        var error = WeightFiles.Refusal(WeightFiles.Safetensors(header, data));
        error.Code.ShouldBeOneOf("weights-invalid", "weights-unsupported");
        error.Message.ShouldStartWith("file: ");
        error.Message.ShouldContain(reason);
    }

    [Fact]
    public void Headers_of_impossible_length_are_refused_without_reading_them()
    {
        byte[] Claim(ulong length) => [.. BitConverter.GetBytes(length), (byte)'{', (byte)'}'];
        WeightFiles.Refusal(Claim(100_000_001)).Message.ShouldContain("the format allows 100000000");
        WeightFiles.Refusal(Claim(ulong.MaxValue)).Message.ShouldContain("18446744073709551615 bytes is claimed");
        WeightFiles.Refusal(Claim(4L << 30)).Message.ShouldContain("4294967296 bytes is claimed");
        WeightFiles.Refusal(Claim(3)).Message.ShouldContain("cut short");
        WeightFiles.Refusal(WeightFiles.Safetensors([(byte)'{', 0xff, (byte)'}'], [])).Message.ShouldContain("not valid UTF-8");
    }

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/passwd")]
    [InlineData("C:\\\\windows\\\\system32")]
    [InlineData("a/b/../c")]
    [InlineData("..")]
    [InlineData("nul\\u0000byte")]
    public void A_name_that_looks_like_a_path_is_a_label(string escaped)
    {
        using var file = WeightFile.Read("file", WeightFiles.Safetensors($$$"""{"{{{escaped}}}":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""", 2));
        var name = file.Names.ShouldHaveSingleItem();
        file[name].Bytes.ToArray().ShouldBe([0, 0]);
        file[name].Name.ShouldBe(name);
    }

    [Fact]
    public void Empty_tensors_may_lie_anywhere()
    {
        using var file = WeightFile.Read("file", WeightFiles.Safetensors(
            """{"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[0,7],"data_offsets":[0,0]},"c":{"dtype":"F64","shape":[0],"data_offsets":[4,4]}}""", 4));
        file["a"].ElementCount.ShouldBe(0);
        file["a"].ToArray<float>().ShouldBeEmpty();
        file["c"].Bytes.Length.ShouldBe(0);
    }
}
