import * as $protobuf from "protobufjs/minimal.js";
import Long = require("long");

/** Namespace im2. */
export namespace im2 {

    /**
     * Properties of a WebSocketMessage.
     * @deprecated Use im2.WebSocketMessage.$Properties instead.
     */
    interface IWebSocketMessage extends im2.WebSocketMessage.$Properties {
    }

    /** Represents a WebSocketMessage. */
    class WebSocketMessage {

        /**
         * Constructs a new WebSocketMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: im2.WebSocketMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** WebSocketMessage messageId. */
        messageId: string;

        /** WebSocketMessage type. */
        type: im2.MessageType;

        /** WebSocketMessage status. */
        status: im2.MessageStatus;

        /** WebSocketMessage senderId. */
        senderId: string;

        /** WebSocketMessage receiverId. */
        receiverId: string;

        /** WebSocketMessage conversationId. */
        conversationId: string;

        /** WebSocketMessage clientMessageId. */
        clientMessageId: string;

        /** WebSocketMessage version. */
        version: string;

        /** WebSocketMessage deviceId. */
        deviceId: string;

        /** WebSocketMessage source. */
        source: string;

        /** WebSocketMessage timestamp. */
        timestamp: Long;

        /** WebSocketMessage sequence. */
        sequence: Long;

        /** WebSocketMessage chat. */
        chat?: (im2.ChatMessage.$Properties|null);

        /** WebSocketMessage notification. */
        notification?: (im2.NotificationMessage.$Properties|null);

        /** WebSocketMessage system. */
        system?: (im2.SystemMessage.$Properties|null);

        /** WebSocketMessage event. */
        event?: (im2.EventMessage.$Properties|null);

        /** WebSocketMessage payload. */
        payload?: ("chat"|"notification"|"system"|"event");

        /**
         * Creates a new WebSocketMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns WebSocketMessage instance
         */
        static create(properties: im2.WebSocketMessage.$Shape): im2.WebSocketMessage & im2.WebSocketMessage.$Shape;
        static create(properties?: im2.WebSocketMessage.$Properties): im2.WebSocketMessage;

        /**
         * Encodes the specified WebSocketMessage message. Does not implicitly {@link im2.WebSocketMessage.verify|verify} messages.
         * @param message WebSocketMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: im2.WebSocketMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified WebSocketMessage message, length delimited. Does not implicitly {@link im2.WebSocketMessage.verify|verify} messages.
         * @param message WebSocketMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: im2.WebSocketMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a WebSocketMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {im2.WebSocketMessage & im2.WebSocketMessage.$Shape} WebSocketMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): im2.WebSocketMessage & im2.WebSocketMessage.$Shape;

        /**
         * Decodes a WebSocketMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {im2.WebSocketMessage & im2.WebSocketMessage.$Shape} WebSocketMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): im2.WebSocketMessage & im2.WebSocketMessage.$Shape;

        /**
         * Verifies a WebSocketMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a WebSocketMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns WebSocketMessage
         */
        static fromObject(object: { [k: string]: any }): im2.WebSocketMessage;

        /**
         * Creates a plain object from a WebSocketMessage message. Also converts values to other types if specified.
         * @param message WebSocketMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: im2.WebSocketMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this WebSocketMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for WebSocketMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace WebSocketMessage {

        /** Properties of a WebSocketMessage. */
        interface $Properties {

            /** WebSocketMessage messageId */
            messageId?: (string|null);

            /** WebSocketMessage type */
            type?: (im2.MessageType|null);

            /** WebSocketMessage status */
            status?: (im2.MessageStatus|null);

            /** WebSocketMessage senderId */
            senderId?: (string|null);

            /** WebSocketMessage receiverId */
            receiverId?: (string|null);

            /** WebSocketMessage conversationId */
            conversationId?: (string|null);

            /** WebSocketMessage clientMessageId */
            clientMessageId?: (string|null);

            /** WebSocketMessage version */
            version?: (string|null);

            /** WebSocketMessage deviceId */
            deviceId?: (string|null);

            /** WebSocketMessage source */
            source?: (string|null);

            /** WebSocketMessage timestamp */
            timestamp?: (Long|null);

            /** WebSocketMessage sequence */
            sequence?: (Long|null);

            /** WebSocketMessage chat */
            chat?: (im2.ChatMessage.$Properties|null);

            /** WebSocketMessage notification */
            notification?: (im2.NotificationMessage.$Properties|null);

            /** WebSocketMessage system */
            system?: (im2.SystemMessage.$Properties|null);

            /** WebSocketMessage event */
            event?: (im2.EventMessage.$Properties|null);

            /** WebSocketMessage payload */
            payload?: ("chat"|"notification"|"system"|"event");

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Narrowed shape of a WebSocketMessage. */
        type $Shape = {
          messageId?: string|null;
          type?: im2.MessageType|null;
          status?: im2.MessageStatus|null;
          senderId?: string|null;
          receiverId?: string|null;
          conversationId?: string|null;
          clientMessageId?: string|null;
          version?: string|null;
          deviceId?: string|null;
          source?: string|null;
          timestamp?: Long|null;
          sequence?: Long|null;
          chat?: im2.ChatMessage.$Shape|null;
          notification?: im2.NotificationMessage.$Shape|null;
          system?: im2.SystemMessage.$Shape|null;
          event?: im2.EventMessage.$Shape|null;
          $unknowns?: Uint8Array[];
        } & (
          ({ payload?: undefined; chat?: null; notification?: null; system?: null; event?: null }|{ payload?: "chat"; chat: im2.ChatMessage.$Shape; notification?: null; system?: null; event?: null }|{ payload?: "notification"; chat?: null; notification: im2.NotificationMessage.$Shape; system?: null; event?: null }|{ payload?: "system"; chat?: null; notification?: null; system: im2.SystemMessage.$Shape; event?: null }|{ payload?: "event"; chat?: null; notification?: null; system?: null; event: im2.EventMessage.$Shape })
        );
    }

    /**
     * Properties of a ChatMessage.
     * @deprecated Use im2.ChatMessage.$Properties instead.
     */
    interface IChatMessage extends im2.ChatMessage.$Properties {
    }

    /** Represents a ChatMessage. */
    class ChatMessage {

        /**
         * Constructs a new ChatMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: im2.ChatMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** ChatMessage content. */
        content: string;

        /**
         * Creates a new ChatMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns ChatMessage instance
         */
        static create(properties: im2.ChatMessage.$Shape): im2.ChatMessage & im2.ChatMessage.$Shape;
        static create(properties?: im2.ChatMessage.$Properties): im2.ChatMessage;

        /**
         * Encodes the specified ChatMessage message. Does not implicitly {@link im2.ChatMessage.verify|verify} messages.
         * @param message ChatMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: im2.ChatMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified ChatMessage message, length delimited. Does not implicitly {@link im2.ChatMessage.verify|verify} messages.
         * @param message ChatMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: im2.ChatMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a ChatMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {im2.ChatMessage & im2.ChatMessage.$Shape} ChatMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): im2.ChatMessage & im2.ChatMessage.$Shape;

        /**
         * Decodes a ChatMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {im2.ChatMessage & im2.ChatMessage.$Shape} ChatMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): im2.ChatMessage & im2.ChatMessage.$Shape;

        /**
         * Verifies a ChatMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a ChatMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns ChatMessage
         */
        static fromObject(object: { [k: string]: any }): im2.ChatMessage;

        /**
         * Creates a plain object from a ChatMessage message. Also converts values to other types if specified.
         * @param message ChatMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: im2.ChatMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this ChatMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for ChatMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace ChatMessage {

        /** Properties of a ChatMessage. */
        interface $Properties {

            /** ChatMessage content */
            content?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a ChatMessage. */
        type $Shape = im2.ChatMessage.$Properties;
    }

    /**
     * Properties of a NotificationMessage.
     * @deprecated Use im2.NotificationMessage.$Properties instead.
     */
    interface INotificationMessage extends im2.NotificationMessage.$Properties {
    }

    /** Represents a NotificationMessage. */
    class NotificationMessage {

        /**
         * Constructs a new NotificationMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: im2.NotificationMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** NotificationMessage content. */
        content: string;

        /**
         * Creates a new NotificationMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns NotificationMessage instance
         */
        static create(properties: im2.NotificationMessage.$Shape): im2.NotificationMessage & im2.NotificationMessage.$Shape;
        static create(properties?: im2.NotificationMessage.$Properties): im2.NotificationMessage;

        /**
         * Encodes the specified NotificationMessage message. Does not implicitly {@link im2.NotificationMessage.verify|verify} messages.
         * @param message NotificationMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: im2.NotificationMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified NotificationMessage message, length delimited. Does not implicitly {@link im2.NotificationMessage.verify|verify} messages.
         * @param message NotificationMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: im2.NotificationMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a NotificationMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {im2.NotificationMessage & im2.NotificationMessage.$Shape} NotificationMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): im2.NotificationMessage & im2.NotificationMessage.$Shape;

        /**
         * Decodes a NotificationMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {im2.NotificationMessage & im2.NotificationMessage.$Shape} NotificationMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): im2.NotificationMessage & im2.NotificationMessage.$Shape;

        /**
         * Verifies a NotificationMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a NotificationMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns NotificationMessage
         */
        static fromObject(object: { [k: string]: any }): im2.NotificationMessage;

        /**
         * Creates a plain object from a NotificationMessage message. Also converts values to other types if specified.
         * @param message NotificationMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: im2.NotificationMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this NotificationMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for NotificationMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace NotificationMessage {

        /** Properties of a NotificationMessage. */
        interface $Properties {

            /** NotificationMessage content */
            content?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a NotificationMessage. */
        type $Shape = im2.NotificationMessage.$Properties;
    }

    /**
     * Properties of a SystemMessage.
     * @deprecated Use im2.SystemMessage.$Properties instead.
     */
    interface ISystemMessage extends im2.SystemMessage.$Properties {
    }

    /** Represents a SystemMessage. */
    class SystemMessage {

        /**
         * Constructs a new SystemMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: im2.SystemMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** SystemMessage content. */
        content: string;

        /**
         * Creates a new SystemMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns SystemMessage instance
         */
        static create(properties: im2.SystemMessage.$Shape): im2.SystemMessage & im2.SystemMessage.$Shape;
        static create(properties?: im2.SystemMessage.$Properties): im2.SystemMessage;

        /**
         * Encodes the specified SystemMessage message. Does not implicitly {@link im2.SystemMessage.verify|verify} messages.
         * @param message SystemMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: im2.SystemMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified SystemMessage message, length delimited. Does not implicitly {@link im2.SystemMessage.verify|verify} messages.
         * @param message SystemMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: im2.SystemMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes a SystemMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {im2.SystemMessage & im2.SystemMessage.$Shape} SystemMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): im2.SystemMessage & im2.SystemMessage.$Shape;

        /**
         * Decodes a SystemMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {im2.SystemMessage & im2.SystemMessage.$Shape} SystemMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): im2.SystemMessage & im2.SystemMessage.$Shape;

        /**
         * Verifies a SystemMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates a SystemMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns SystemMessage
         */
        static fromObject(object: { [k: string]: any }): im2.SystemMessage;

        /**
         * Creates a plain object from a SystemMessage message. Also converts values to other types if specified.
         * @param message SystemMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: im2.SystemMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this SystemMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for SystemMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace SystemMessage {

        /** Properties of a SystemMessage. */
        interface $Properties {

            /** SystemMessage content */
            content?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of a SystemMessage. */
        type $Shape = im2.SystemMessage.$Properties;
    }

    /**
     * Properties of an EventMessage.
     * @deprecated Use im2.EventMessage.$Properties instead.
     */
    interface IEventMessage extends im2.EventMessage.$Properties {
    }

    /** Represents an EventMessage. */
    class EventMessage {

        /**
         * Constructs a new EventMessage.
         * @param [properties] Properties to set
         */
        constructor(properties?: im2.EventMessage.$Properties);

        /** Unknown fields preserved while decoding when enabled */
        $unknowns?: Uint8Array[];

        /** EventMessage content. */
        content: string;

        /**
         * Creates a new EventMessage instance using the specified properties.
         * @param [properties] Properties to set
         * @returns EventMessage instance
         */
        static create(properties: im2.EventMessage.$Shape): im2.EventMessage & im2.EventMessage.$Shape;
        static create(properties?: im2.EventMessage.$Properties): im2.EventMessage;

        /**
         * Encodes the specified EventMessage message. Does not implicitly {@link im2.EventMessage.verify|verify} messages.
         * @param message EventMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encode(message: im2.EventMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Encodes the specified EventMessage message, length delimited. Does not implicitly {@link im2.EventMessage.verify|verify} messages.
         * @param message EventMessage message or plain object to encode
         * @param [writer] Writer to encode to
         * @returns Writer
         */
        static encodeDelimited(message: im2.EventMessage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

        /**
         * Decodes an EventMessage message from the specified reader or buffer.
         * @param reader Reader or buffer to decode from
         * @param [length] Message length if known beforehand
         * @returns {im2.EventMessage & im2.EventMessage.$Shape} EventMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): im2.EventMessage & im2.EventMessage.$Shape;

        /**
         * Decodes an EventMessage message from the specified reader or buffer, length delimited.
         * @param reader Reader or buffer to decode from
         * @returns {im2.EventMessage & im2.EventMessage.$Shape} EventMessage
         * @throws {Error} If the payload is not a reader or valid buffer
         * @throws {$protobuf.util.ProtocolError} If required fields are missing
         */
        static decodeDelimited(reader: ($protobuf.Reader|Uint8Array)): im2.EventMessage & im2.EventMessage.$Shape;

        /**
         * Verifies an EventMessage message.
         * @param message Plain object to verify
         * @returns `null` if valid, otherwise the reason why it is not
         */
        static verify(message: { [k: string]: any }): (string|null);

        /**
         * Creates an EventMessage message from a plain object. Also converts values to their respective internal types.
         * @param object Plain object
         * @returns EventMessage
         */
        static fromObject(object: { [k: string]: any }): im2.EventMessage;

        /**
         * Creates a plain object from an EventMessage message. Also converts values to other types if specified.
         * @param message EventMessage
         * @param [options] Conversion options
         * @returns Plain object
         */
        static toObject(message: im2.EventMessage, options?: $protobuf.IConversionOptions): { [k: string]: any };

        /**
         * Converts this EventMessage to JSON.
         * @returns JSON object
         */
        toJSON(): { [k: string]: any };

        /**
         * Gets the type url for EventMessage
         * @param [prefix] Custom type url prefix, defaults to `"type.googleapis.com"`
         * @returns The type url
         */
        static getTypeUrl(prefix?: string): string;
    }

    namespace EventMessage {

        /** Properties of an EventMessage. */
        interface $Properties {

            /** EventMessage content */
            content?: (string|null);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];
        }

        /** Shape of an EventMessage. */
        type $Shape = im2.EventMessage.$Properties;
    }

    /** MessageType enum. */
    enum MessageType {

        /** CHAT_TEXT value */
        CHAT_TEXT = 0,

        /** CHAT_IMAGE value */
        CHAT_IMAGE = 1,

        /** CHAT_FILE value */
        CHAT_FILE = 2,

        /** CHAT_VOICE value */
        CHAT_VOICE = 3,

        /** CHAT_VIDEO value */
        CHAT_VIDEO = 4,

        /** CHAT_LOCATION value */
        CHAT_LOCATION = 5,

        /** CHAT_CARD value */
        CHAT_CARD = 6,

        /** CHAT_EDIT value */
        CHAT_EDIT = 10,

        /** CHAT_QUOTE value */
        CHAT_QUOTE = 11,

        /** CHAT_FORWARD value */
        CHAT_FORWARD = 12,

        /** CHAT_RECALL value */
        CHAT_RECALL = 13,

        /** NOTIFICATION_ANNOUNCEMENT value */
        NOTIFICATION_ANNOUNCEMENT = 20,

        /** NOTIFICATION_ALERT value */
        NOTIFICATION_ALERT = 21,

        /** NOTIFICATION_PROMOTION value */
        NOTIFICATION_PROMOTION = 22,

        /** NOTIFICATION_MAINTENANCE value */
        NOTIFICATION_MAINTENANCE = 23,

        /** SYSTEM_CONNECT value */
        SYSTEM_CONNECT = 30,

        /** SYSTEM_DISCONNECT value */
        SYSTEM_DISCONNECT = 31,

        /** SYSTEM_HEARTBEAT value */
        SYSTEM_HEARTBEAT = 32,

        /** SYSTEM_AUTH value */
        SYSTEM_AUTH = 33,

        /** SYSTEM_STATUS value */
        SYSTEM_STATUS = 34,

        /** EVENT_USER_STATUS_CHANGE value */
        EVENT_USER_STATUS_CHANGE = 40,

        /** EVENT_GROUP_UPDATE value */
        EVENT_GROUP_UPDATE = 41,

        /** EVENT_MESSAGE_STATUS_CHANGE value */
        EVENT_MESSAGE_STATUS_CHANGE = 42,

        /** EVENT_SYSTEM_CONFIG_CHANGE value */
        EVENT_SYSTEM_CONFIG_CHANGE = 43
    }

    /** MessageStatus enum. */
    enum MessageStatus {

        /** MESSAGE_NORMAL value */
        MESSAGE_NORMAL = 0,

        /** MESSAGE_SENDING value */
        MESSAGE_SENDING = 1,

        /** MESSAGE_SENT value */
        MESSAGE_SENT = 2,

        /** MESSAGE_DELIVERED value */
        MESSAGE_DELIVERED = 3,

        /** MESSAGE_READ value */
        MESSAGE_READ = 4,

        /** MESSAGE_FAILED value */
        MESSAGE_FAILED = 5,

        /** MESSAGE_RECALLED value */
        MESSAGE_RECALLED = 6,

        /** MESSAGE_EDITED value */
        MESSAGE_EDITED = 7,

        /** MESSAGE_DELETED value */
        MESSAGE_DELETED = 8
    }
}
