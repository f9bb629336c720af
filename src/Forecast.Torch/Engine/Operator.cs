using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Text;
using TorchSharp;

namespace Forecast.Torch;

/// <summary>
/// An operator of libtorch's dispatcher, found by name and overload on its first call and kept. Arguments are positional, in
/// the order of the schema (keyword-only ones included); what follows the last one given takes the schema's default.
/// <code>
/// private static readonly Operator Linear = new("linear");
/// torch.Tensor y = Linear.Call(x, weight, bias);      // bias may be null
/// new Operator("add_", "Tensor").Apply(x, y);         // in place: returns x itself
/// </code>
/// </summary>
internal sealed unsafe class Operator(string name, string overload = "")
{
    private nint handle;
    private bool looked;

    /// <summary>Name and overload as the dispatcher writes them, as in <c>aten::add.Tensor</c>.</summary>
    internal string Name { get; } = (name.Contains("::", StringComparison.Ordinal) ? name : "aten::" + name) + (overload.Length == 0 ? "" : "." + overload);

    /// <summary>Whether this libtorch has the operator.</summary>
    internal bool Exists => handle != 0 || Look() != 0;

    [SkipLocalsInit]
    internal Outputs Call(Arg a0)
    {
        var values = stackalloc NativeValue[1];
        fixed (byte* p0 = a0)
        {
            a0.Write(values, p0);
            Unsafe.SkipInit(out Outputs outputs);
            Run(values, 1, ref outputs);
            GC.KeepAlive(a0.Owner);
            return outputs;
        }
    }

    [SkipLocalsInit]
    internal Outputs Call(Arg a0, Arg a1)
    {
        var values = stackalloc NativeValue[2];
        fixed (byte* p0 = a0, p1 = a1)
        {
            a0.Write(values, p0);
            a1.Write(values + 1, p1);
            Unsafe.SkipInit(out Outputs outputs);
            Run(values, 2, ref outputs);
            GC.KeepAlive(a0.Owner);
            GC.KeepAlive(a1.Owner);
            return outputs;
        }
    }

    [SkipLocalsInit]
    internal Outputs Call(Arg a0, Arg a1, Arg a2)
    {
        var values = stackalloc NativeValue[3];
        fixed (byte* p0 = a0, p1 = a1, p2 = a2)
        {
            a0.Write(values, p0);
            a1.Write(values + 1, p1);
            a2.Write(values + 2, p2);
            Unsafe.SkipInit(out Outputs outputs);
            Run(values, 3, ref outputs);
            GC.KeepAlive(a0.Owner);
            GC.KeepAlive(a1.Owner);
            GC.KeepAlive(a2.Owner);
            return outputs;
        }
    }

    [SkipLocalsInit]
    internal Outputs Call(
        Arg a0, Arg a1, Arg a2, Arg a3, Arg a4 = default, Arg a5 = default, Arg a6 = default, Arg a7 = default,
        Arg a8 = default, Arg a9 = default, Arg a10 = default, Arg a11 = default, Arg a12 = default, Arg a13 = default)
    {
        var values = stackalloc NativeValue[14];
        fixed (byte* p0 = a0, p1 = a1, p2 = a2, p3 = a3, p4 = a4, p5 = a5, p6 = a6,
                   p7 = a7, p8 = a8, p9 = a9, p10 = a10, p11 = a11, p12 = a12, p13 = a13)
        {
            a0.Write(values, p0);
            a1.Write(values + 1, p1);
            a2.Write(values + 2, p2);
            a3.Write(values + 3, p3);
            a4.Write(values + 4, p4);
            a5.Write(values + 5, p5);
            a6.Write(values + 6, p6);
            a7.Write(values + 7, p7);
            a8.Write(values + 8, p8);
            a9.Write(values + 9, p9);
            a10.Write(values + 10, p10);
            a11.Write(values + 11, p11);
            a12.Write(values + 12, p12);
            a13.Write(values + 13, p13);
            var count = 14;
            while (count > 1 && values[count - 1].Tag == ValueTag.Default) count--;
            Unsafe.SkipInit(out Outputs outputs);
            Run(values, count, ref outputs);
            GC.KeepAlive(a0.Owner);
            GC.KeepAlive(a1.Owner);
            GC.KeepAlive(a2.Owner);
            GC.KeepAlive(a3.Owner);
            GC.KeepAlive(a4.Owner);
            GC.KeepAlive(a5.Owner);
            GC.KeepAlive(a6.Owner);
            GC.KeepAlive(a7.Owner);
            GC.KeepAlive(a8.Owner);
            GC.KeepAlive(a9.Owner);
            GC.KeepAlive(a10.Owner);
            GC.KeepAlive(a11.Owner);
            GC.KeepAlive(a12.Owner);
            GC.KeepAlive(a13.Owner);
            return outputs;
        }
    }

    /// <summary>Calls an operator that works in place and returns the tensor it worked on: the same object, not a new one.</summary>
    [SkipLocalsInit]
    internal torch.Tensor Apply(
        torch.Tensor self, Arg a1 = default, Arg a2 = default, Arg a3 = default, Arg a4 = default, Arg a5 = default)
    {
        var values = stackalloc NativeValue[6];
        fixed (byte* p1 = a1, p2 = a2, p3 = a3, p4 = a4, p5 = a5)
        {
            ((Arg)self).Write(values, null);
            a1.Write(values + 1, p1);
            a2.Write(values + 2, p2);
            a3.Write(values + 3, p3);
            a4.Write(values + 4, p4);
            a5.Write(values + 5, p5);
            var count = 6;
            while (count > 1 && values[count - 1].Tag == ValueTag.Default) count--;
            Native.Check(Native.Call(Resolved(), values, count, null, 0));
            GC.KeepAlive(self);
            GC.KeepAlive(a1.Owner);
            GC.KeepAlive(a2.Owner);
            GC.KeepAlive(a3.Owner);
            GC.KeepAlive(a4.Owner);
            GC.KeepAlive(a5.Owner);
            return self;
        }
    }

    public override string ToString() => Name;

    /// <summary>Calls an operator whose results nobody wants (in-place on lists, setters).</summary>
    [SkipLocalsInit]
    internal void Do(
        Arg a0, Arg a1 = default, Arg a2 = default, Arg a3 = default, Arg a4 = default, Arg a5 = default, Arg a6 = default,
        Arg a7 = default, Arg a8 = default, Arg a9 = default, Arg a10 = default, Arg a11 = default, Arg a12 = default, Arg a13 = default)
    {
        var outputs = Call(a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13);
        outputs.Drop();
    }

    private void Run(NativeValue* values, int count, ref Outputs outputs)
    {
        // The outputs lie on the caller's stack: nothing moves them.
        var returned = Native.Call(handle != 0 ? handle : Resolved(), values, count, outputs.Address, Outputs.Capacity);
        if (returned < 0) Throw();
        outputs.Count = returned;
    }

    private nint Resolved()
    {
        if (handle != 0) return handle;
        return Look() != 0 ? handle : throw new TorchException($"this libtorch ({Native.Text(Native.Version())}) has no operator {Name}");
    }

    private nint Look()
    {
        if (looked) return handle;
        var qualified = name.Contains("::", StringComparison.Ordinal) ? name : "aten::" + name;
        fixed (byte* first = Encoding.UTF8.GetBytes(qualified + "\0"), second = Encoding.UTF8.GetBytes(overload + "\0"))
        {
            handle = Native.Operator(first, second);
        }

        looked = true;
        return handle;
    }

    [DoesNotReturn]
    private static void Throw() => throw Native.Failure();
}
