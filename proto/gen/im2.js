/*eslint-disable block-scoped-var, id-length, no-control-regex, no-magic-numbers, no-mixed-operators, no-prototype-builtins, no-redeclare, no-shadow, no-var, sort-vars, default-case, jsdoc/require-param*/
import $protobuf from "protobufjs/minimal.js";

// Common aliases
const $Reader = $protobuf.Reader, $Writer = $protobuf.Writer, $util = $protobuf.util;
const $Object = $util.global.Object, $undefined = $util.global.undefined, $Error = $util.global.Error, $RangeError = $util.global.RangeError, $TypeError = $util.global.TypeError, $String = $util.global.String, $Number = $util.global.Number, $parseInt = $util.global.parseInt, $BigInt = $util.global.BigInt;

// Exported root namespace
const $root = $protobuf.roots["im2"] || ($protobuf.roots["im2"] = {});

export const im2 = $root.im2 = (() => {

    /**
     * Namespace im2.
     * @exports im2
     * @namespace
     */
    const im2 = {};

    im2.WebSocketMessage = (function() {

        /**
         * Properties of a WebSocketMessage.
         * @typedef {Object} im2.WebSocketMessage.$Properties
         * @property {string|null} [messageId] WebSocketMessage messageId
         * @property {im2.MessageType|null} [type] WebSocketMessage type
         * @property {im2.MessageStatus|null} [status] WebSocketMessage status
         * @property {string|null} [senderId] WebSocketMessage senderId
         * @property {string|null} [receiverId] WebSocketMessage receiverId
         * @property {string|null} [conversationId] WebSocketMessage conversationId
         * @property {string|null} [clientMessageId] WebSocketMessage clientMessageId
         * @property {string|null} [version] WebSocketMessage version
         * @property {string|null} [deviceId] WebSocketMessage deviceId
         * @property {string|null} [source] WebSocketMessage source
         * @property {Long|null} [timestamp] WebSocketMessage timestamp
         * @property {Long|null} [sequence] WebSocketMessage sequence
         * @property {im2.ChatMessage.$Properties|null} [chat] WebSocketMessage chat
         * @property {im2.NotificationMessage.$Properties|null} [notification] WebSocketMessage notification
         * @property {im2.SystemMessage.$Properties|null} [system] WebSocketMessage system
         * @property {im2.EventMessage.$Properties|null} [event] WebSocketMessage event
         * @property {"chat"|"notification"|"system"|"event"} [payload] WebSocketMessage payload
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a WebSocketMessage.
         * @memberof im2
         * @interface IWebSocketMessage
         * @augments im2.WebSocketMessage.$Properties
         * @deprecated Use im2.WebSocketMessage.$Properties instead.
         */

        /**
         * Narrowed shape of a WebSocketMessage.
         * @typedef {{
         *   messageId?: string|null;
         *   type?: im2.MessageType|null;
         *   status?: im2.MessageStatus|null;
         *   senderId?: string|null;
         *   receiverId?: string|null;
         *   conversationId?: string|null;
         *   clientMessageId?: string|null;
         *   version?: string|null;
         *   deviceId?: string|null;
         *   source?: string|null;
         *   timestamp?: Long|null;
         *   sequence?: Long|null;
         *   chat?: im2.ChatMessage.$Shape|null;
         *   notification?: im2.NotificationMessage.$Shape|null;
         *   system?: im2.SystemMessage.$Shape|null;
         *   event?: im2.EventMessage.$Shape|null;
         *   $unknowns?: Array.<Uint8Array>;
         * } & (
         *   ({ payload?: undefined; chat?: null; notification?: null; system?: null; event?: null }|{ payload?: "chat"; chat: im2.ChatMessage.$Shape; notification?: null; system?: null; event?: null }|{ payload?: "notification"; chat?: null; notification: im2.NotificationMessage.$Shape; system?: null; event?: null }|{ payload?: "system"; chat?: null; notification?: null; system: im2.SystemMessage.$Shape; event?: null }|{ payload?: "event"; chat?: null; notification?: null; system?: null; event: im2.EventMessage.$Shape })
         * )} im2.WebSocketMessage.$Shape
         */

        /**
         * Constructs a new WebSocketMessage.
         * @memberof im2
         * @classdesc Represents a WebSocketMessage.
         * @constructor
         * @param {im2.WebSocketMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const WebSocketMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * WebSocketMessage messageId.
         * @member {string} messageId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.messageId = "";

        /**
         * WebSocketMessage type.
         * @member {im2.MessageType} type
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.type = 0;

        /**
         * WebSocketMessage status.
         * @member {im2.MessageStatus} status
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.status = 0;

        /**
         * WebSocketMessage senderId.
         * @member {string} senderId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.senderId = "";

        /**
         * WebSocketMessage receiverId.
         * @member {string} receiverId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.receiverId = "";

        /**
         * WebSocketMessage conversationId.
         * @member {string} conversationId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.conversationId = "";

        /**
         * WebSocketMessage clientMessageId.
         * @member {string} clientMessageId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.clientMessageId = "";

        /**
         * WebSocketMessage version.
         * @member {string} version
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.version = "";

        /**
         * WebSocketMessage deviceId.
         * @member {string} deviceId
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.deviceId = "";

        /**
         * WebSocketMessage source.
         * @member {string} source
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.source = "";

        /**
         * WebSocketMessage timestamp.
         * @member {Long} timestamp
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.timestamp = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        /**
         * WebSocketMessage sequence.
         * @member {Long} sequence
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.sequence = $util.Long ? $util.Long.fromBits(0,0,false) : 0;

        /**
         * WebSocketMessage chat.
         * @member {im2.ChatMessage.$Properties|null|undefined} chat
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.chat = null;

        /**
         * WebSocketMessage notification.
         * @member {im2.NotificationMessage.$Properties|null|undefined} notification
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.notification = null;

        /**
         * WebSocketMessage system.
         * @member {im2.SystemMessage.$Properties|null|undefined} system
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.system = null;

        /**
         * WebSocketMessage event.
         * @member {im2.EventMessage.$Properties|null|undefined} event
         * @memberof im2.WebSocketMessage
         * @instance
         */
        WebSocketMessage.prototype.event = null;

        // OneOf field names bound to virtual getters and setters
        let $oneOfFields;

        /**
         * WebSocketMessage payload.
         * @member {"chat"|"notification"|"system"|"event"|undefined} payload
         * @memberof im2.WebSocketMessage
         * @instance
         */
        $Object.defineProperty(WebSocketMessage.prototype, "payload", {
            get: $util.oneOfGetter($oneOfFields = ["chat", "notification", "system", "event"]),
            set: $util.oneOfSetter($oneOfFields)
        });

        /**
         * Creates a new WebSocketMessage instance using the specified properties.
         * @function create
         * @memberof im2.WebSocketMessage
         * @static
         * @param {im2.WebSocketMessage.$Properties=} [properties] Properties to set
         * @returns {im2.WebSocketMessage} WebSocketMessage instance
         * @type {{
         *   (properties: im2.WebSocketMessage.$Shape): im2.WebSocketMessage & im2.WebSocketMessage.$Shape;
         *   (properties?: im2.WebSocketMessage.$Properties): im2.WebSocketMessage;
         * }}
         */
        WebSocketMessage.create = function(properties) {
            return new WebSocketMessage(properties);
        };

        /**
         * Encodes the specified WebSocketMessage message. Does not implicitly {@link im2.WebSocketMessage.verify|verify} messages.
         * @function encode
         * @memberof im2.WebSocketMessage
         * @static
         * @param {im2.WebSocketMessage.$Properties} message WebSocketMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        WebSocketMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.messageId != null && $Object.hasOwnProperty.call(message, "messageId") && message.messageId !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.messageId);
            if (message.type != null && $Object.hasOwnProperty.call(message, "type") && message.type !== 0)
                writer.uint32(/* id 2, wireType 0 =*/16).int32(message.type);
            if (message.status != null && $Object.hasOwnProperty.call(message, "status") && message.status !== 0)
                writer.uint32(/* id 3, wireType 0 =*/24).int32(message.status);
            if (message.senderId != null && $Object.hasOwnProperty.call(message, "senderId") && message.senderId !== "")
                writer.uint32(/* id 4, wireType 2 =*/34).string(message.senderId);
            if (message.receiverId != null && $Object.hasOwnProperty.call(message, "receiverId") && message.receiverId !== "")
                writer.uint32(/* id 5, wireType 2 =*/42).string(message.receiverId);
            if (message.conversationId != null && $Object.hasOwnProperty.call(message, "conversationId") && message.conversationId !== "")
                writer.uint32(/* id 6, wireType 2 =*/50).string(message.conversationId);
            if (message.clientMessageId != null && $Object.hasOwnProperty.call(message, "clientMessageId") && message.clientMessageId !== "")
                writer.uint32(/* id 7, wireType 2 =*/58).string(message.clientMessageId);
            if (message.version != null && $Object.hasOwnProperty.call(message, "version") && message.version !== "")
                writer.uint32(/* id 8, wireType 2 =*/66).string(message.version);
            if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId") && message.deviceId !== "")
                writer.uint32(/* id 9, wireType 2 =*/74).string(message.deviceId);
            if (message.source != null && $Object.hasOwnProperty.call(message, "source") && message.source !== "")
                writer.uint32(/* id 10, wireType 2 =*/82).string(message.source);
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp") && (typeof message.timestamp === "object" ? message.timestamp.low || message.timestamp.high : message.timestamp !== 0))
                writer.uint32(/* id 11, wireType 0 =*/88).int64(message.timestamp);
            if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence") && (typeof message.sequence === "object" ? message.sequence.low || message.sequence.high : message.sequence !== 0))
                writer.uint32(/* id 12, wireType 0 =*/96).int64(message.sequence);
            if (message.chat != null && $Object.hasOwnProperty.call(message, "chat"))
                $root.im2.ChatMessage.encode(message.chat, writer.uint32(/* id 20, wireType 2 =*/162).fork(), _depth + 1).ldelim();
            if (message.notification != null && $Object.hasOwnProperty.call(message, "notification"))
                $root.im2.NotificationMessage.encode(message.notification, writer.uint32(/* id 21, wireType 2 =*/170).fork(), _depth + 1).ldelim();
            if (message.system != null && $Object.hasOwnProperty.call(message, "system"))
                $root.im2.SystemMessage.encode(message.system, writer.uint32(/* id 22, wireType 2 =*/178).fork(), _depth + 1).ldelim();
            if (message.event != null && $Object.hasOwnProperty.call(message, "event"))
                $root.im2.EventMessage.encode(message.event, writer.uint32(/* id 23, wireType 2 =*/186).fork(), _depth + 1).ldelim();
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified WebSocketMessage message, length delimited. Does not implicitly {@link im2.WebSocketMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof im2.WebSocketMessage
         * @static
         * @param {im2.WebSocketMessage.$Properties} message WebSocketMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        WebSocketMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a WebSocketMessage message from the specified reader or buffer.
         * @function decode
         * @memberof im2.WebSocketMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {im2.WebSocketMessage & im2.WebSocketMessage.$Shape} WebSocketMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        WebSocketMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.im2.WebSocketMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.messageId = value;
                        else
                            delete message.messageId;
                        continue;
                    }
                case 2: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.type = value;
                        else
                            delete message.type;
                        continue;
                    }
                case 3: {
                        if (wireType !== 0)
                            break;
                        if (value = reader.int32())
                            message.status = value;
                        else
                            delete message.status;
                        continue;
                    }
                case 4: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.senderId = value;
                        else
                            delete message.senderId;
                        continue;
                    }
                case 5: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.receiverId = value;
                        else
                            delete message.receiverId;
                        continue;
                    }
                case 6: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.conversationId = value;
                        else
                            delete message.conversationId;
                        continue;
                    }
                case 7: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.clientMessageId = value;
                        else
                            delete message.clientMessageId;
                        continue;
                    }
                case 8: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.version = value;
                        else
                            delete message.version;
                        continue;
                    }
                case 9: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.deviceId = value;
                        else
                            delete message.deviceId;
                        continue;
                    }
                case 10: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.source = value;
                        else
                            delete message.source;
                        continue;
                    }
                case 11: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.timestamp = value;
                        else
                            delete message.timestamp;
                        continue;
                    }
                case 12: {
                        if (wireType !== 0)
                            break;
                        if (typeof (value = reader.int64()) === "object" ? value.low || value.high : value !== 0)
                            message.sequence = value;
                        else
                            delete message.sequence;
                        continue;
                    }
                case 20: {
                        if (wireType !== 2)
                            break;
                        message.chat = $root.im2.ChatMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.chat);
                        message.payload = "chat";
                        continue;
                    }
                case 21: {
                        if (wireType !== 2)
                            break;
                        message.notification = $root.im2.NotificationMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.notification);
                        message.payload = "notification";
                        continue;
                    }
                case 22: {
                        if (wireType !== 2)
                            break;
                        message.system = $root.im2.SystemMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.system);
                        message.payload = "system";
                        continue;
                    }
                case 23: {
                        if (wireType !== 2)
                            break;
                        message.event = $root.im2.EventMessage.decode(reader, reader.size(), $undefined, _depth + 1, message.event);
                        message.payload = "event";
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a WebSocketMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof im2.WebSocketMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {im2.WebSocketMessage & im2.WebSocketMessage.$Shape} WebSocketMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        WebSocketMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a WebSocketMessage message.
         * @function verify
         * @memberof im2.WebSocketMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        WebSocketMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            let properties = {};
            if (message.messageId != null && $Object.hasOwnProperty.call(message, "messageId"))
                if (!$util.isString(message.messageId))
                    return "messageId: string expected";
            if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                if (typeof message.type !== "number" || (message.type | 0) !== message.type)
                    return "type: enum value expected";
            if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                if (typeof message.status !== "number" || (message.status | 0) !== message.status)
                    return "status: enum value expected";
            if (message.senderId != null && $Object.hasOwnProperty.call(message, "senderId"))
                if (!$util.isString(message.senderId))
                    return "senderId: string expected";
            if (message.receiverId != null && $Object.hasOwnProperty.call(message, "receiverId"))
                if (!$util.isString(message.receiverId))
                    return "receiverId: string expected";
            if (message.conversationId != null && $Object.hasOwnProperty.call(message, "conversationId"))
                if (!$util.isString(message.conversationId))
                    return "conversationId: string expected";
            if (message.clientMessageId != null && $Object.hasOwnProperty.call(message, "clientMessageId"))
                if (!$util.isString(message.clientMessageId))
                    return "clientMessageId: string expected";
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                if (!$util.isString(message.version))
                    return "version: string expected";
            if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                if (!$util.isString(message.deviceId))
                    return "deviceId: string expected";
            if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                if (!$util.isString(message.source))
                    return "source: string expected";
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                if (!$util.isInteger(message.timestamp) && !(message.timestamp && $util.isInteger(message.timestamp.low) && $util.isInteger(message.timestamp.high)))
                    return "timestamp: integer|Long expected";
            if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence"))
                if (!$util.isInteger(message.sequence) && !(message.sequence && $util.isInteger(message.sequence.low) && $util.isInteger(message.sequence.high)))
                    return "sequence: integer|Long expected";
            if (message.chat != null && $Object.hasOwnProperty.call(message, "chat")) {
                properties.payload = 1;
                {
                    let error = $root.im2.ChatMessage.verify(message.chat, _depth + 1);
                    if (error)
                        return "chat." + error;
                }
            }
            if (message.notification != null && $Object.hasOwnProperty.call(message, "notification")) {
                if (properties.payload === 1)
                    return "payload: multiple values";
                properties.payload = 1;
                {
                    let error = $root.im2.NotificationMessage.verify(message.notification, _depth + 1);
                    if (error)
                        return "notification." + error;
                }
            }
            if (message.system != null && $Object.hasOwnProperty.call(message, "system")) {
                if (properties.payload === 1)
                    return "payload: multiple values";
                properties.payload = 1;
                {
                    let error = $root.im2.SystemMessage.verify(message.system, _depth + 1);
                    if (error)
                        return "system." + error;
                }
            }
            if (message.event != null && $Object.hasOwnProperty.call(message, "event")) {
                if (properties.payload === 1)
                    return "payload: multiple values";
                properties.payload = 1;
                {
                    let error = $root.im2.EventMessage.verify(message.event, _depth + 1);
                    if (error)
                        return "event." + error;
                }
            }
            return null;
        };

        /**
         * Creates a WebSocketMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof im2.WebSocketMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {im2.WebSocketMessage} WebSocketMessage
         */
        WebSocketMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.im2.WebSocketMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".im2.WebSocketMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.im2.WebSocketMessage();
            if (object.messageId != null)
                if (typeof object.messageId !== "string" || object.messageId.length)
                    message.messageId = $String(object.messageId);
            if (object.type !== 0 && (typeof object.type !== "string" || $root.im2.MessageType[object.type] !== 0))
                switch (object.type) {
                case "CHAT_TEXT":
                case 0:
                    message.type = 0;
                    break;
                case "CHAT_IMAGE":
                case 1:
                    message.type = 1;
                    break;
                case "CHAT_FILE":
                case 2:
                    message.type = 2;
                    break;
                case "CHAT_VOICE":
                case 3:
                    message.type = 3;
                    break;
                case "CHAT_VIDEO":
                case 4:
                    message.type = 4;
                    break;
                case "CHAT_LOCATION":
                case 5:
                    message.type = 5;
                    break;
                case "CHAT_CARD":
                case 6:
                    message.type = 6;
                    break;
                case "CHAT_EDIT":
                case 10:
                    message.type = 10;
                    break;
                case "CHAT_QUOTE":
                case 11:
                    message.type = 11;
                    break;
                case "CHAT_FORWARD":
                case 12:
                    message.type = 12;
                    break;
                case "CHAT_RECALL":
                case 13:
                    message.type = 13;
                    break;
                case "NOTIFICATION_ANNOUNCEMENT":
                case 20:
                    message.type = 20;
                    break;
                case "NOTIFICATION_ALERT":
                case 21:
                    message.type = 21;
                    break;
                case "NOTIFICATION_PROMOTION":
                case 22:
                    message.type = 22;
                    break;
                case "NOTIFICATION_MAINTENANCE":
                case 23:
                    message.type = 23;
                    break;
                case "SYSTEM_CONNECT":
                case 30:
                    message.type = 30;
                    break;
                case "SYSTEM_DISCONNECT":
                case 31:
                    message.type = 31;
                    break;
                case "SYSTEM_HEARTBEAT":
                case 32:
                    message.type = 32;
                    break;
                case "SYSTEM_AUTH":
                case 33:
                    message.type = 33;
                    break;
                case "SYSTEM_STATUS":
                case 34:
                    message.type = 34;
                    break;
                case "EVENT_USER_STATUS_CHANGE":
                case 40:
                    message.type = 40;
                    break;
                case "EVENT_GROUP_UPDATE":
                case 41:
                    message.type = 41;
                    break;
                case "EVENT_MESSAGE_STATUS_CHANGE":
                case 42:
                    message.type = 42;
                    break;
                case "EVENT_SYSTEM_CONFIG_CHANGE":
                case 43:
                    message.type = 43;
                    break;
                default:
                    if (typeof object.type === "number" && (object.type | 0) === object.type)
                        message.type = object.type;
                }
            if (object.status !== 0 && (typeof object.status !== "string" || $root.im2.MessageStatus[object.status] !== 0))
                switch (object.status) {
                case "MESSAGE_NORMAL":
                case 0:
                    message.status = 0;
                    break;
                case "MESSAGE_SENDING":
                case 1:
                    message.status = 1;
                    break;
                case "MESSAGE_SENT":
                case 2:
                    message.status = 2;
                    break;
                case "MESSAGE_DELIVERED":
                case 3:
                    message.status = 3;
                    break;
                case "MESSAGE_READ":
                case 4:
                    message.status = 4;
                    break;
                case "MESSAGE_FAILED":
                case 5:
                    message.status = 5;
                    break;
                case "MESSAGE_RECALLED":
                case 6:
                    message.status = 6;
                    break;
                case "MESSAGE_EDITED":
                case 7:
                    message.status = 7;
                    break;
                case "MESSAGE_DELETED":
                case 8:
                    message.status = 8;
                    break;
                default:
                    if (typeof object.status === "number" && (object.status | 0) === object.status)
                        message.status = object.status;
                }
            if (object.senderId != null)
                if (typeof object.senderId !== "string" || object.senderId.length)
                    message.senderId = $String(object.senderId);
            if (object.receiverId != null)
                if (typeof object.receiverId !== "string" || object.receiverId.length)
                    message.receiverId = $String(object.receiverId);
            if (object.conversationId != null)
                if (typeof object.conversationId !== "string" || object.conversationId.length)
                    message.conversationId = $String(object.conversationId);
            if (object.clientMessageId != null)
                if (typeof object.clientMessageId !== "string" || object.clientMessageId.length)
                    message.clientMessageId = $String(object.clientMessageId);
            if (object.version != null)
                if (typeof object.version !== "string" || object.version.length)
                    message.version = $String(object.version);
            if (object.deviceId != null)
                if (typeof object.deviceId !== "string" || object.deviceId.length)
                    message.deviceId = $String(object.deviceId);
            if (object.source != null)
                if (typeof object.source !== "string" || object.source.length)
                    message.source = $String(object.source);
            if (object.timestamp != null)
                if (typeof object.timestamp === "object" ? object.timestamp.low || object.timestamp.high : $Number(object.timestamp) !== 0)
                    if ($util.Long)
                        message.timestamp = $util.Long.fromValue(object.timestamp, false);
                    else if (typeof object.timestamp === "string")
                        message.timestamp = $parseInt(object.timestamp, 10);
                    else if (typeof object.timestamp === "number")
                        message.timestamp = object.timestamp;
                    else if (typeof object.timestamp === "object")
                        message.timestamp = new $util.LongBits(object.timestamp.low >>> 0, object.timestamp.high >>> 0).toNumber();
            if (object.sequence != null)
                if (typeof object.sequence === "object" ? object.sequence.low || object.sequence.high : $Number(object.sequence) !== 0)
                    if ($util.Long)
                        message.sequence = $util.Long.fromValue(object.sequence, false);
                    else if (typeof object.sequence === "string")
                        message.sequence = $parseInt(object.sequence, 10);
                    else if (typeof object.sequence === "number")
                        message.sequence = object.sequence;
                    else if (typeof object.sequence === "object")
                        message.sequence = new $util.LongBits(object.sequence.low >>> 0, object.sequence.high >>> 0).toNumber();
            if (object.chat != null) {
                if (!$util.isObject(object.chat))
                    throw $TypeError(".im2.WebSocketMessage.chat: object expected");
                message.chat = $root.im2.ChatMessage.fromObject(object.chat, _depth + 1);
            }
            if (object.notification != null) {
                if (!$util.isObject(object.notification))
                    throw $TypeError(".im2.WebSocketMessage.notification: object expected");
                message.notification = $root.im2.NotificationMessage.fromObject(object.notification, _depth + 1);
            }
            if (object.system != null) {
                if (!$util.isObject(object.system))
                    throw $TypeError(".im2.WebSocketMessage.system: object expected");
                message.system = $root.im2.SystemMessage.fromObject(object.system, _depth + 1);
            }
            if (object.event != null) {
                if (!$util.isObject(object.event))
                    throw $TypeError(".im2.WebSocketMessage.event: object expected");
                message.event = $root.im2.EventMessage.fromObject(object.event, _depth + 1);
            }
            return message;
        };

        /**
         * Creates a plain object from a WebSocketMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof im2.WebSocketMessage
         * @static
         * @param {im2.WebSocketMessage} message WebSocketMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        WebSocketMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults) {
                object.messageId = "";
                object.type = options.enums === $String ? "CHAT_TEXT" : 0;
                object.status = options.enums === $String ? "MESSAGE_NORMAL" : 0;
                object.senderId = "";
                object.receiverId = "";
                object.conversationId = "";
                object.clientMessageId = "";
                object.version = "";
                object.deviceId = "";
                object.source = "";
                if ($util.Long) {
                    let long = new $util.Long(0, 0, false);
                    object.timestamp = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                } else
                    object.timestamp = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
                if ($util.Long) {
                    let long = new $util.Long(0, 0, false);
                    object.sequence = options.longs === $String ? long.toString() : options.longs === $Number ? long.toNumber() : typeof $BigInt !== "undefined" && options.longs === $BigInt ? long.toBigInt() : long;
                } else
                    object.sequence = options.longs === $String ? "0" : typeof $BigInt !== "undefined" && options.longs === $BigInt ? $BigInt("0") : 0;
            }
            if (message.messageId != null && $Object.hasOwnProperty.call(message, "messageId"))
                object.messageId = message.messageId;
            if (message.type != null && $Object.hasOwnProperty.call(message, "type"))
                object.type = options.enums === $String ? $root.im2.MessageType[message.type] === $undefined ? message.type : $root.im2.MessageType[message.type] : message.type;
            if (message.status != null && $Object.hasOwnProperty.call(message, "status"))
                object.status = options.enums === $String ? $root.im2.MessageStatus[message.status] === $undefined ? message.status : $root.im2.MessageStatus[message.status] : message.status;
            if (message.senderId != null && $Object.hasOwnProperty.call(message, "senderId"))
                object.senderId = message.senderId;
            if (message.receiverId != null && $Object.hasOwnProperty.call(message, "receiverId"))
                object.receiverId = message.receiverId;
            if (message.conversationId != null && $Object.hasOwnProperty.call(message, "conversationId"))
                object.conversationId = message.conversationId;
            if (message.clientMessageId != null && $Object.hasOwnProperty.call(message, "clientMessageId"))
                object.clientMessageId = message.clientMessageId;
            if (message.version != null && $Object.hasOwnProperty.call(message, "version"))
                object.version = message.version;
            if (message.deviceId != null && $Object.hasOwnProperty.call(message, "deviceId"))
                object.deviceId = message.deviceId;
            if (message.source != null && $Object.hasOwnProperty.call(message, "source"))
                object.source = message.source;
            if (message.timestamp != null && $Object.hasOwnProperty.call(message, "timestamp"))
                if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                    object.timestamp = typeof message.timestamp === "number" ? $BigInt(message.timestamp) : $util.Long.fromBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0, false).toBigInt();
                else if (typeof message.timestamp === "number")
                    object.timestamp = options.longs === $String ? $String(message.timestamp) : message.timestamp;
                else
                    object.timestamp = options.longs === $String ? $util.Long.prototype.toString.call(message.timestamp) : options.longs === $Number ? new $util.LongBits(message.timestamp.low >>> 0, message.timestamp.high >>> 0).toNumber() : message.timestamp;
            if (message.sequence != null && $Object.hasOwnProperty.call(message, "sequence"))
                if (typeof $BigInt !== "undefined" && options.longs === $BigInt)
                    object.sequence = typeof message.sequence === "number" ? $BigInt(message.sequence) : $util.Long.fromBits(message.sequence.low >>> 0, message.sequence.high >>> 0, false).toBigInt();
                else if (typeof message.sequence === "number")
                    object.sequence = options.longs === $String ? $String(message.sequence) : message.sequence;
                else
                    object.sequence = options.longs === $String ? $util.Long.prototype.toString.call(message.sequence) : options.longs === $Number ? new $util.LongBits(message.sequence.low >>> 0, message.sequence.high >>> 0).toNumber() : message.sequence;
            if (message.chat != null && $Object.hasOwnProperty.call(message, "chat")) {
                object.chat = $root.im2.ChatMessage.toObject(message.chat, options, _depth + 1);
                if (options.oneofs)
                    object.payload = "chat";
            }
            if (message.notification != null && $Object.hasOwnProperty.call(message, "notification")) {
                object.notification = $root.im2.NotificationMessage.toObject(message.notification, options, _depth + 1);
                if (options.oneofs)
                    object.payload = "notification";
            }
            if (message.system != null && $Object.hasOwnProperty.call(message, "system")) {
                object.system = $root.im2.SystemMessage.toObject(message.system, options, _depth + 1);
                if (options.oneofs)
                    object.payload = "system";
            }
            if (message.event != null && $Object.hasOwnProperty.call(message, "event")) {
                object.event = $root.im2.EventMessage.toObject(message.event, options, _depth + 1);
                if (options.oneofs)
                    object.payload = "event";
            }
            return object;
        };

        /**
         * Converts this WebSocketMessage to JSON.
         * @function toJSON
         * @memberof im2.WebSocketMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        WebSocketMessage.prototype.toJSON = function() {
            return WebSocketMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for WebSocketMessage
         * @function getTypeUrl
         * @memberof im2.WebSocketMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        WebSocketMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/im2.WebSocketMessage";
        };

        return WebSocketMessage;
    })();

    im2.ChatMessage = (function() {

        /**
         * Properties of a ChatMessage.
         * @typedef {Object} im2.ChatMessage.$Properties
         * @property {string|null} [content] ChatMessage content
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a ChatMessage.
         * @memberof im2
         * @interface IChatMessage
         * @augments im2.ChatMessage.$Properties
         * @deprecated Use im2.ChatMessage.$Properties instead.
         */

        /**
         * Shape of a ChatMessage.
         * @typedef {im2.ChatMessage.$Properties} im2.ChatMessage.$Shape
         */

        /**
         * Constructs a new ChatMessage.
         * @memberof im2
         * @classdesc Represents a ChatMessage.
         * @constructor
         * @param {im2.ChatMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const ChatMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * ChatMessage content.
         * @member {string} content
         * @memberof im2.ChatMessage
         * @instance
         */
        ChatMessage.prototype.content = "";

        /**
         * Creates a new ChatMessage instance using the specified properties.
         * @function create
         * @memberof im2.ChatMessage
         * @static
         * @param {im2.ChatMessage.$Properties=} [properties] Properties to set
         * @returns {im2.ChatMessage} ChatMessage instance
         * @type {{
         *   (properties: im2.ChatMessage.$Shape): im2.ChatMessage & im2.ChatMessage.$Shape;
         *   (properties?: im2.ChatMessage.$Properties): im2.ChatMessage;
         * }}
         */
        ChatMessage.create = function(properties) {
            return new ChatMessage(properties);
        };

        /**
         * Encodes the specified ChatMessage message. Does not implicitly {@link im2.ChatMessage.verify|verify} messages.
         * @function encode
         * @memberof im2.ChatMessage
         * @static
         * @param {im2.ChatMessage.$Properties} message ChatMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ChatMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.content);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified ChatMessage message, length delimited. Does not implicitly {@link im2.ChatMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof im2.ChatMessage
         * @static
         * @param {im2.ChatMessage.$Properties} message ChatMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        ChatMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a ChatMessage message from the specified reader or buffer.
         * @function decode
         * @memberof im2.ChatMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {im2.ChatMessage & im2.ChatMessage.$Shape} ChatMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ChatMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.im2.ChatMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.content = value;
                        else
                            delete message.content;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a ChatMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof im2.ChatMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {im2.ChatMessage & im2.ChatMessage.$Shape} ChatMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        ChatMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a ChatMessage message.
         * @function verify
         * @memberof im2.ChatMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        ChatMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                if (!$util.isString(message.content))
                    return "content: string expected";
            return null;
        };

        /**
         * Creates a ChatMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof im2.ChatMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {im2.ChatMessage} ChatMessage
         */
        ChatMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.im2.ChatMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".im2.ChatMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.im2.ChatMessage();
            if (object.content != null)
                if (typeof object.content !== "string" || object.content.length)
                    message.content = $String(object.content);
            return message;
        };

        /**
         * Creates a plain object from a ChatMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof im2.ChatMessage
         * @static
         * @param {im2.ChatMessage} message ChatMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        ChatMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.content = "";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                object.content = message.content;
            return object;
        };

        /**
         * Converts this ChatMessage to JSON.
         * @function toJSON
         * @memberof im2.ChatMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        ChatMessage.prototype.toJSON = function() {
            return ChatMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for ChatMessage
         * @function getTypeUrl
         * @memberof im2.ChatMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        ChatMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/im2.ChatMessage";
        };

        return ChatMessage;
    })();

    im2.NotificationMessage = (function() {

        /**
         * Properties of a NotificationMessage.
         * @typedef {Object} im2.NotificationMessage.$Properties
         * @property {string|null} [content] NotificationMessage content
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a NotificationMessage.
         * @memberof im2
         * @interface INotificationMessage
         * @augments im2.NotificationMessage.$Properties
         * @deprecated Use im2.NotificationMessage.$Properties instead.
         */

        /**
         * Shape of a NotificationMessage.
         * @typedef {im2.NotificationMessage.$Properties} im2.NotificationMessage.$Shape
         */

        /**
         * Constructs a new NotificationMessage.
         * @memberof im2
         * @classdesc Represents a NotificationMessage.
         * @constructor
         * @param {im2.NotificationMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const NotificationMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * NotificationMessage content.
         * @member {string} content
         * @memberof im2.NotificationMessage
         * @instance
         */
        NotificationMessage.prototype.content = "";

        /**
         * Creates a new NotificationMessage instance using the specified properties.
         * @function create
         * @memberof im2.NotificationMessage
         * @static
         * @param {im2.NotificationMessage.$Properties=} [properties] Properties to set
         * @returns {im2.NotificationMessage} NotificationMessage instance
         * @type {{
         *   (properties: im2.NotificationMessage.$Shape): im2.NotificationMessage & im2.NotificationMessage.$Shape;
         *   (properties?: im2.NotificationMessage.$Properties): im2.NotificationMessage;
         * }}
         */
        NotificationMessage.create = function(properties) {
            return new NotificationMessage(properties);
        };

        /**
         * Encodes the specified NotificationMessage message. Does not implicitly {@link im2.NotificationMessage.verify|verify} messages.
         * @function encode
         * @memberof im2.NotificationMessage
         * @static
         * @param {im2.NotificationMessage.$Properties} message NotificationMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NotificationMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.content);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified NotificationMessage message, length delimited. Does not implicitly {@link im2.NotificationMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof im2.NotificationMessage
         * @static
         * @param {im2.NotificationMessage.$Properties} message NotificationMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        NotificationMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a NotificationMessage message from the specified reader or buffer.
         * @function decode
         * @memberof im2.NotificationMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {im2.NotificationMessage & im2.NotificationMessage.$Shape} NotificationMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NotificationMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.im2.NotificationMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.content = value;
                        else
                            delete message.content;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a NotificationMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof im2.NotificationMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {im2.NotificationMessage & im2.NotificationMessage.$Shape} NotificationMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        NotificationMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a NotificationMessage message.
         * @function verify
         * @memberof im2.NotificationMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        NotificationMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                if (!$util.isString(message.content))
                    return "content: string expected";
            return null;
        };

        /**
         * Creates a NotificationMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof im2.NotificationMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {im2.NotificationMessage} NotificationMessage
         */
        NotificationMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.im2.NotificationMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".im2.NotificationMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.im2.NotificationMessage();
            if (object.content != null)
                if (typeof object.content !== "string" || object.content.length)
                    message.content = $String(object.content);
            return message;
        };

        /**
         * Creates a plain object from a NotificationMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof im2.NotificationMessage
         * @static
         * @param {im2.NotificationMessage} message NotificationMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        NotificationMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.content = "";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                object.content = message.content;
            return object;
        };

        /**
         * Converts this NotificationMessage to JSON.
         * @function toJSON
         * @memberof im2.NotificationMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        NotificationMessage.prototype.toJSON = function() {
            return NotificationMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for NotificationMessage
         * @function getTypeUrl
         * @memberof im2.NotificationMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        NotificationMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/im2.NotificationMessage";
        };

        return NotificationMessage;
    })();

    im2.SystemMessage = (function() {

        /**
         * Properties of a SystemMessage.
         * @typedef {Object} im2.SystemMessage.$Properties
         * @property {string|null} [content] SystemMessage content
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of a SystemMessage.
         * @memberof im2
         * @interface ISystemMessage
         * @augments im2.SystemMessage.$Properties
         * @deprecated Use im2.SystemMessage.$Properties instead.
         */

        /**
         * Shape of a SystemMessage.
         * @typedef {im2.SystemMessage.$Properties} im2.SystemMessage.$Shape
         */

        /**
         * Constructs a new SystemMessage.
         * @memberof im2
         * @classdesc Represents a SystemMessage.
         * @constructor
         * @param {im2.SystemMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const SystemMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * SystemMessage content.
         * @member {string} content
         * @memberof im2.SystemMessage
         * @instance
         */
        SystemMessage.prototype.content = "";

        /**
         * Creates a new SystemMessage instance using the specified properties.
         * @function create
         * @memberof im2.SystemMessage
         * @static
         * @param {im2.SystemMessage.$Properties=} [properties] Properties to set
         * @returns {im2.SystemMessage} SystemMessage instance
         * @type {{
         *   (properties: im2.SystemMessage.$Shape): im2.SystemMessage & im2.SystemMessage.$Shape;
         *   (properties?: im2.SystemMessage.$Properties): im2.SystemMessage;
         * }}
         */
        SystemMessage.create = function(properties) {
            return new SystemMessage(properties);
        };

        /**
         * Encodes the specified SystemMessage message. Does not implicitly {@link im2.SystemMessage.verify|verify} messages.
         * @function encode
         * @memberof im2.SystemMessage
         * @static
         * @param {im2.SystemMessage.$Properties} message SystemMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SystemMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.content);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified SystemMessage message, length delimited. Does not implicitly {@link im2.SystemMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof im2.SystemMessage
         * @static
         * @param {im2.SystemMessage.$Properties} message SystemMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        SystemMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes a SystemMessage message from the specified reader or buffer.
         * @function decode
         * @memberof im2.SystemMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {im2.SystemMessage & im2.SystemMessage.$Shape} SystemMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SystemMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.im2.SystemMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.content = value;
                        else
                            delete message.content;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes a SystemMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof im2.SystemMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {im2.SystemMessage & im2.SystemMessage.$Shape} SystemMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        SystemMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies a SystemMessage message.
         * @function verify
         * @memberof im2.SystemMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        SystemMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                if (!$util.isString(message.content))
                    return "content: string expected";
            return null;
        };

        /**
         * Creates a SystemMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof im2.SystemMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {im2.SystemMessage} SystemMessage
         */
        SystemMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.im2.SystemMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".im2.SystemMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.im2.SystemMessage();
            if (object.content != null)
                if (typeof object.content !== "string" || object.content.length)
                    message.content = $String(object.content);
            return message;
        };

        /**
         * Creates a plain object from a SystemMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof im2.SystemMessage
         * @static
         * @param {im2.SystemMessage} message SystemMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        SystemMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.content = "";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                object.content = message.content;
            return object;
        };

        /**
         * Converts this SystemMessage to JSON.
         * @function toJSON
         * @memberof im2.SystemMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        SystemMessage.prototype.toJSON = function() {
            return SystemMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for SystemMessage
         * @function getTypeUrl
         * @memberof im2.SystemMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        SystemMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/im2.SystemMessage";
        };

        return SystemMessage;
    })();

    im2.EventMessage = (function() {

        /**
         * Properties of an EventMessage.
         * @typedef {Object} im2.EventMessage.$Properties
         * @property {string|null} [content] EventMessage content
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */

        /**
         * Properties of an EventMessage.
         * @memberof im2
         * @interface IEventMessage
         * @augments im2.EventMessage.$Properties
         * @deprecated Use im2.EventMessage.$Properties instead.
         */

        /**
         * Shape of an EventMessage.
         * @typedef {im2.EventMessage.$Properties} im2.EventMessage.$Shape
         */

        /**
         * Constructs a new EventMessage.
         * @memberof im2
         * @classdesc Represents an EventMessage.
         * @constructor
         * @param {im2.EventMessage.$Properties=} [properties] Properties to set
         * @property {Array.<Uint8Array>} [$unknowns] Unknown fields preserved while decoding when enabled
         */
        const EventMessage = function (properties) {
            if (properties)
                for (let keys = $Object.keys(properties), i = 0; i < keys.length; ++i)
                    if (properties[keys[i]] != null && keys[i] !== "__proto__")
                        this[keys[i]] = properties[keys[i]];
        };

        /**
         * EventMessage content.
         * @member {string} content
         * @memberof im2.EventMessage
         * @instance
         */
        EventMessage.prototype.content = "";

        /**
         * Creates a new EventMessage instance using the specified properties.
         * @function create
         * @memberof im2.EventMessage
         * @static
         * @param {im2.EventMessage.$Properties=} [properties] Properties to set
         * @returns {im2.EventMessage} EventMessage instance
         * @type {{
         *   (properties: im2.EventMessage.$Shape): im2.EventMessage & im2.EventMessage.$Shape;
         *   (properties?: im2.EventMessage.$Properties): im2.EventMessage;
         * }}
         */
        EventMessage.create = function(properties) {
            return new EventMessage(properties);
        };

        /**
         * Encodes the specified EventMessage message. Does not implicitly {@link im2.EventMessage.verify|verify} messages.
         * @function encode
         * @memberof im2.EventMessage
         * @static
         * @param {im2.EventMessage.$Properties} message EventMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        EventMessage.encode = function (message, writer, _depth) {
            if (!writer)
                writer = $Writer.create();
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            if (message.content != null && $Object.hasOwnProperty.call(message, "content") && message.content !== "")
                writer.uint32(/* id 1, wireType 2 =*/10).string(message.content);
            if (message.$unknowns != null && $Object.hasOwnProperty.call(message, "$unknowns"))
                for (let i = 0; i < message.$unknowns.length; ++i)
                    writer.raw(message.$unknowns[i]);
            return writer;
        };

        /**
         * Encodes the specified EventMessage message, length delimited. Does not implicitly {@link im2.EventMessage.verify|verify} messages.
         * @function encodeDelimited
         * @memberof im2.EventMessage
         * @static
         * @param {im2.EventMessage.$Properties} message EventMessage message or plain object to encode
         * @param {$protobuf.Writer} [writer] Writer to encode to
         * @returns {$protobuf.Writer} Writer
         */
        EventMessage.encodeDelimited = function(message, writer) {
            return this.encode(message, (writer || $Writer.create()).fork()).ldelim();
        };

        /**
         * Decodes an EventMessage message from the specified reader or buffer.
         * @function decode
         * @memberof im2.EventMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @param {number} [length] Message length if known beforehand
         * @returns {im2.EventMessage & im2.EventMessage.$Shape} EventMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        EventMessage.decode = function (reader, length, _end, _depth, _target) {
            if (!(reader instanceof $Reader))
                reader = $Reader.create(reader);
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $Reader.recursionLimit)
                throw $Error("max depth exceeded");
            let end, message, value;
            if (length === $undefined)
                end = reader.len;
            else {
                end = reader.pos + length;
                if (end > reader.len)
                    throw $RangeError("index out of range");
                length = reader.len;
                reader.len = end;
            }
            message = _target || new $root.im2.EventMessage();
            while (reader.pos < end) {
                let start = reader.pos;
                let tag = reader.tag();
                if (tag === _end) {
                    _end = $undefined;
                    break;
                }
                let wireType = tag & 7;
                switch (tag >>>= 3) {
                case 1: {
                        if (wireType !== 2)
                            break;
                        if ((value = reader.stringVerify()).length)
                            message.content = value;
                        else
                            delete message.content;
                        continue;
                    }
                }
                reader.skipType(wireType, _depth, tag);
                if (!reader.discardUnknown) {
                    $util.makeProp(message, "$unknowns", false);
                    (message.$unknowns || (message.$unknowns = [])).push(reader.raw(start, reader.pos));
                }
            }
            if (length !== $undefined) {
                if (reader.pos !== end)
                    throw $RangeError("index out of range");
                reader.len = length;
            }
            if (_end !== $undefined)
                throw $Error("missing end group");
            return message;
        };

        /**
         * Decodes an EventMessage message from the specified reader or buffer, length delimited.
         * @function decodeDelimited
         * @memberof im2.EventMessage
         * @static
         * @param {$protobuf.Reader|Uint8Array} reader Reader or buffer to decode from
         * @returns {im2.EventMessage & im2.EventMessage.$Shape} EventMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        EventMessage.decodeDelimited = function(reader) {
            if (!(reader instanceof $Reader))
                reader = new $Reader(reader);
            return this.decode(reader, reader.size());
        };

        /**
         * Verifies an EventMessage message.
         * @function verify
         * @memberof im2.EventMessage
         * @static
         * @param {Object.<string,*>} message Plain object to verify
         * @returns {string|null} `null` if valid, otherwise the reason why it is not
         */
        EventMessage.verify = function (message, _depth) {
            if (typeof message !== "object" || message === null)
                return "object expected";
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                return "max depth exceeded";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                if (!$util.isString(message.content))
                    return "content: string expected";
            return null;
        };

        /**
         * Creates an EventMessage message from a plain object. Also converts values to their respective internal types.
         * @function fromObject
         * @memberof im2.EventMessage
         * @static
         * @param {Object.<string,*>} object Plain object
         * @returns {im2.EventMessage} EventMessage
         */
        EventMessage.fromObject = function (object, _depth) {
            if (object instanceof $root.im2.EventMessage)
                return object;
            if (!$util.isObject(object))
                throw $TypeError(".im2.EventMessage: object expected");
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let message = new $root.im2.EventMessage();
            if (object.content != null)
                if (typeof object.content !== "string" || object.content.length)
                    message.content = $String(object.content);
            return message;
        };

        /**
         * Creates a plain object from an EventMessage message. Also converts values to other types if specified.
         * @function toObject
         * @memberof im2.EventMessage
         * @static
         * @param {im2.EventMessage} message EventMessage
         * @param {$protobuf.IConversionOptions} [options] Conversion options
         * @returns {Object.<string,*>} Plain object
         */
        EventMessage.toObject = function (message, options, _depth) {
            if (!options)
                options = {};
            if (_depth === $undefined)
                _depth = 0;
            if (_depth > $util.recursionLimit)
                throw $Error("max depth exceeded");
            let object = {};
            if (options.defaults)
                object.content = "";
            if (message.content != null && $Object.hasOwnProperty.call(message, "content"))
                object.content = message.content;
            return object;
        };

        /**
         * Converts this EventMessage to JSON.
         * @function toJSON
         * @memberof im2.EventMessage
         * @instance
         * @returns {Object.<string,*>} JSON object
         */
        EventMessage.prototype.toJSON = function() {
            return EventMessage.toObject(this, $protobuf.util.toJSONOptions);
        };

        /**
         * Gets the type url for EventMessage
         * @function getTypeUrl
         * @memberof im2.EventMessage
         * @static
         * @param {string} [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns {string} The type url
         */
        EventMessage.getTypeUrl = function(prefix) {
            if (prefix === $undefined)
                prefix = "type.googleapis.com";
            return prefix + "/im2.EventMessage";
        };

        return EventMessage;
    })();

    /**
     * MessageType enum.
     * @name im2.MessageType
     * @enum {number}
     * @property {number} CHAT_TEXT=0 CHAT_TEXT value
     * @property {number} CHAT_IMAGE=1 CHAT_IMAGE value
     * @property {number} CHAT_FILE=2 CHAT_FILE value
     * @property {number} CHAT_VOICE=3 CHAT_VOICE value
     * @property {number} CHAT_VIDEO=4 CHAT_VIDEO value
     * @property {number} CHAT_LOCATION=5 CHAT_LOCATION value
     * @property {number} CHAT_CARD=6 CHAT_CARD value
     * @property {number} CHAT_EDIT=10 CHAT_EDIT value
     * @property {number} CHAT_QUOTE=11 CHAT_QUOTE value
     * @property {number} CHAT_FORWARD=12 CHAT_FORWARD value
     * @property {number} CHAT_RECALL=13 CHAT_RECALL value
     * @property {number} NOTIFICATION_ANNOUNCEMENT=20 NOTIFICATION_ANNOUNCEMENT value
     * @property {number} NOTIFICATION_ALERT=21 NOTIFICATION_ALERT value
     * @property {number} NOTIFICATION_PROMOTION=22 NOTIFICATION_PROMOTION value
     * @property {number} NOTIFICATION_MAINTENANCE=23 NOTIFICATION_MAINTENANCE value
     * @property {number} SYSTEM_CONNECT=30 SYSTEM_CONNECT value
     * @property {number} SYSTEM_DISCONNECT=31 SYSTEM_DISCONNECT value
     * @property {number} SYSTEM_HEARTBEAT=32 SYSTEM_HEARTBEAT value
     * @property {number} SYSTEM_AUTH=33 SYSTEM_AUTH value
     * @property {number} SYSTEM_STATUS=34 SYSTEM_STATUS value
     * @property {number} EVENT_USER_STATUS_CHANGE=40 EVENT_USER_STATUS_CHANGE value
     * @property {number} EVENT_GROUP_UPDATE=41 EVENT_GROUP_UPDATE value
     * @property {number} EVENT_MESSAGE_STATUS_CHANGE=42 EVENT_MESSAGE_STATUS_CHANGE value
     * @property {number} EVENT_SYSTEM_CONFIG_CHANGE=43 EVENT_SYSTEM_CONFIG_CHANGE value
     */
    im2.MessageType = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "CHAT_TEXT"] = 0;
        values[valuesById[1] = "CHAT_IMAGE"] = 1;
        values[valuesById[2] = "CHAT_FILE"] = 2;
        values[valuesById[3] = "CHAT_VOICE"] = 3;
        values[valuesById[4] = "CHAT_VIDEO"] = 4;
        values[valuesById[5] = "CHAT_LOCATION"] = 5;
        values[valuesById[6] = "CHAT_CARD"] = 6;
        values[valuesById[10] = "CHAT_EDIT"] = 10;
        values[valuesById[11] = "CHAT_QUOTE"] = 11;
        values[valuesById[12] = "CHAT_FORWARD"] = 12;
        values[valuesById[13] = "CHAT_RECALL"] = 13;
        values[valuesById[20] = "NOTIFICATION_ANNOUNCEMENT"] = 20;
        values[valuesById[21] = "NOTIFICATION_ALERT"] = 21;
        values[valuesById[22] = "NOTIFICATION_PROMOTION"] = 22;
        values[valuesById[23] = "NOTIFICATION_MAINTENANCE"] = 23;
        values[valuesById[30] = "SYSTEM_CONNECT"] = 30;
        values[valuesById[31] = "SYSTEM_DISCONNECT"] = 31;
        values[valuesById[32] = "SYSTEM_HEARTBEAT"] = 32;
        values[valuesById[33] = "SYSTEM_AUTH"] = 33;
        values[valuesById[34] = "SYSTEM_STATUS"] = 34;
        values[valuesById[40] = "EVENT_USER_STATUS_CHANGE"] = 40;
        values[valuesById[41] = "EVENT_GROUP_UPDATE"] = 41;
        values[valuesById[42] = "EVENT_MESSAGE_STATUS_CHANGE"] = 42;
        values[valuesById[43] = "EVENT_SYSTEM_CONFIG_CHANGE"] = 43;
        return values;
    })();

    /**
     * MessageStatus enum.
     * @name im2.MessageStatus
     * @enum {number}
     * @property {number} MESSAGE_NORMAL=0 MESSAGE_NORMAL value
     * @property {number} MESSAGE_SENDING=1 MESSAGE_SENDING value
     * @property {number} MESSAGE_SENT=2 MESSAGE_SENT value
     * @property {number} MESSAGE_DELIVERED=3 MESSAGE_DELIVERED value
     * @property {number} MESSAGE_READ=4 MESSAGE_READ value
     * @property {number} MESSAGE_FAILED=5 MESSAGE_FAILED value
     * @property {number} MESSAGE_RECALLED=6 MESSAGE_RECALLED value
     * @property {number} MESSAGE_EDITED=7 MESSAGE_EDITED value
     * @property {number} MESSAGE_DELETED=8 MESSAGE_DELETED value
     */
    im2.MessageStatus = (function() {
        const valuesById = $Object.create(null), values = $Object.create(valuesById);
        values[valuesById[0] = "MESSAGE_NORMAL"] = 0;
        values[valuesById[1] = "MESSAGE_SENDING"] = 1;
        values[valuesById[2] = "MESSAGE_SENT"] = 2;
        values[valuesById[3] = "MESSAGE_DELIVERED"] = 3;
        values[valuesById[4] = "MESSAGE_READ"] = 4;
        values[valuesById[5] = "MESSAGE_FAILED"] = 5;
        values[valuesById[6] = "MESSAGE_RECALLED"] = 6;
        values[valuesById[7] = "MESSAGE_EDITED"] = 7;
        values[valuesById[8] = "MESSAGE_DELETED"] = 8;
        return values;
    })();

    return im2;
})();

export {
  $root as default
};
